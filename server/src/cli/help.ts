import { version } from '../../../package.json';

export const VERSION: string = version;

export const HELP = `cors-lint ${version}: finds what a browser would refuse, and what it should have refused.

Usage
  cors-lint [audit] [PATH…]     look at the files and folders, or at this folder
  cors-lint try FILE --url URL  play one front end's request against what FILE sets up
  cors-lint explain [MESSAGE]   say who is to blame for what a browser's console said about CORS

Options of audit
  --fix                 make the changes that are certain, then report what is left
  --rule ID=LEVEL       set a rule to off, hint, info, warning or error; may be repeated
  --max-warnings N      exit with 1 when there are more warnings than that
  --no-config           read no .corslintrc.json
  --format FORMAT       stylish (the default), json, html, markdown, or sarif for code scanning
  --endpoints           with json: the endpoints with their policies, and who passes requests on to whom

Options of try
  --url URL             the address that the front end fetches
  --origin ORIGIN       the page's origin; the first of "origins" in the configuration when left out
  --method METHOD       GET when left out
  --header NAME         a header that the page sends, or "NAME: VALUE"; may be repeated
  --credentials         with cookies, as fetch does with credentials: 'include'
  --status CODE         what the handler, file or upstream answers; success when left out
  --no-config           as above
  --format FORMAT       stylish (the default) or json

Options of explain, whose MESSAGE is read from standard input when it is - or left out
  --origin ORIGIN       the page's origin, where the message does not tell it
  --no-config, --format as for try

  --help, --version

Exit code
  0  nothing at error (try: a prediction was made; explain: a message was explained)
  1  findings at error, or more warnings than --max-warnings
  2  it could not do its work, or not all of it
`;
