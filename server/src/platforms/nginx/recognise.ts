/**
 * Whether a file can be an nginx configuration that concerns CORS.
 *
 * @param text undefined when only the name is known: then "perhaps" counts as yes
 */
export function isNginx(file: string, text: string | undefined): boolean {
  const path = file.replaceAll('\\', '/');
  if (OTHERS.test(path) || !NAMES.some((name) => name.test(path))) {
    return false;
  }
  return text === undefined || (SIGN.test(text) && text.includes(';') && (DIRECTIVE.test(text) || MAP.test(text)));
}

/** Names that nginx files go by anywhere, templates of them, and what lies in the folders that hold them. */
const NAMES = [
  /\.(?:conf|nginx|nginxconf|vhost)(?:\.(?:template|tmpl|tpl|sample|example|dist|default|in))?$/i,
  /(?:^|\/)nginx[^/]*\.(?:template|tmpl|tpl)$/i,
  /(?:^|\/)(?:sites-available|sites-enabled|conf\.d|http\.d|vhosts?\.d)\/[^/]+$/i,
  /(?:^|\/)nginx\/(?:[^/]+\/)*[^/.]+(?:\.(?:template|tmpl|tpl|inc|include|snippet))?$/i,
];

/** What else ends in `.conf`. */
const OTHERS = /(?:^|\/)(?:apache2?|httpd)\/|\.(?:js|ts|json|ya?ml|md|sh|py|rb|php|lua|html?|css)$/i;

/** A CORS header, what a preflight may be told by, a cache, or a file that may hold them. */
const SIGN = /access-control-|\$\{?http_origin|^[\t ]*include\s|\$request_method\b|\b(?:limit_except|proxy_cache)\s/im;

/** Statements that no other server's configuration has. */
const DIRECTIVE =
  /(?:^|[\s;{}])(?:add_header|more_set_headers|more_clear_headers|proxy_set_header|proxy_hide_header)\s+['"\w-]|(?:^|[\s;}])(?:server|http|events)\s*\{|(?:^|[\s;{}])location\s+[^\s<>][^\n<>]{0,199}\{/;

const MAP = /(?:^|[\s;{}])map\s+\S{1,200}\s+"?\$\w+"?\s*\{/;

/** Whether another template language than `${NAME}` fills the file in: then its text is not nginx's. */
export function isTemplated(text: string): boolean {
  return /\{\{|\{%|<%/.test(text);
}
