import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * A fresh self-signed certificate for a TLS server whose client does not check it: no key is kept in the repository,
 * and no `openssl` is needed. X.509 version 1 (RFC 5280 section 4.1) with an ECDSA P-256 key.
 */
export function selfSignedCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const body = der(0x30, [
    der(0x02, [Buffer.from([1])]),
    ecdsaWithSha256,
    name('CORS Lint tests'),
    der(0x30, [utcTime('200101000000Z'), utcTime('491231235959Z')]),
    name('CORS Lint tests'),
    publicKey.export({ type: 'spki', format: 'der' }),
  ]);
  const certificate = der(0x30, [body, ecdsaWithSha256, der(0x03, [Buffer.from([0]), signature(body, privateKey)])]);
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

/** One ASN.1 value in DER: tag, length, content. */
function der(tag: number, content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

/** AlgorithmIdentifier 1.2.840.10045.4.3.2 (RFC 5758 section 3.2). */
const ecdsaWithSha256 = der(0x30, [der(0x06, [Buffer.from('2a8648ce3d040302', 'hex')])]);

/** A distinguished name with the common name (2.5.4.3) alone. */
function name(commonName: string): Buffer {
  const attribute = der(0x30, [der(0x06, [Buffer.from('550403', 'hex')]), der(0x0c, [Buffer.from(commonName)])]);
  return der(0x30, [der(0x31, [attribute])]);
}

function utcTime(text: string): Buffer {
  return der(0x17, [Buffer.from(text)]);
}

function signature(body: Buffer, key: KeyObject): Buffer {
  return sign('sha256', body, key);
}
