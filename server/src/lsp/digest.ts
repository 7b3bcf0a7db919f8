/**
 * A short name for a text: the same for equal texts, and different for different ones as good as always. Not for
 * secrets. Two runs of FNV-1a with MurmurHash3's finish, 64 bits in all; made of numbers, because a browser's own
 * digests are asynchronous.
 */
export function digest(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return finish(a ^ text.length) + finish(b ^ Math.imul(text.length, 0x9e3779b1));
}

function finish(value: number): string {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
