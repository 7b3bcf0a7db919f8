import { describe, expect, it } from 'vitest';
import { completionAt } from './completion';

/** What the cursor, `|`, would write over, and the words offered. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const context = completionAt(text, offset);
  if (context === undefined) return undefined;
  const { replace, words } = context;
  return [text.slice(replace.start, replace.end), ...words.map((word) => word.text)].join(' ');
}

const RESOURCE = (type: string, properties: string) => `Resources:
  Other:
    Type: AWS::Serverless::Function
  Api:
    Type: ${type}
    Properties:
${properties}
      StageName: prod
  Last:
    Type: AWS::S3::Bucket
`;
const HTTP_KEYS = 'AllowOrigins: AllowHeaders: AllowMethods: AllowCredentials: ExposeHeaders: MaxAge:';
const REST_KEYS = 'AllowOrigin: AllowHeaders: AllowMethods: AllowCredentials: MaxAge:';
const BUCKET_KEYS = 'AllowedOrigins: AllowedHeaders: AllowedMethods: ExposedHeaders: MaxAge:';

const SAM = 'AWS::Serverless::Api';
const HTTP = 'AWS::Serverless::HttpApi';
const GATEWAY = 'AWS::ApiGatewayV2::Api';
const S3 = 'AWS::S3::Bucket';

describe('completion in templates', () => {
  it.each([
    [RESOURCE(HTTP, '      CorsConfiguration:\n        |'), ` ${HTTP_KEYS}`],
    [
      RESOURCE(`'${GATEWAY}'`, '      CorsConfiguration:\n        MaxAge: 5\n        Allow|'),
      `Allow ${HTTP_KEYS.replace(' MaxAge:', '')}`,
    ],
    [
      RESOURCE(HTTP, '      CorsConfiguration:\n        AllowMethods:\n          - |'),
      ' GET POST PUT PATCH DELETE OPTIONS',
    ],
    [RESOURCE(HTTP, '      CorsConfiguration:\n        AllowMethods: [GET, |]'), ' GET POST PUT PATCH DELETE OPTIONS'],
    [RESOURCE(HTTP, '      CorsConfiguration:\n        AllowOrigins:\n          - |'), " '*'"],
    [RESOURCE(HTTP, '      CorsConfiguration:\n        AllowCredentials: |'), ' true false'],
    [RESOURCE(SAM, '      Cors:\n        |'), ` ${REST_KEYS}`],
    [RESOURCE(SAM, '      Cors:\n        AllowOrigin: |'), ` "'*'"`],
    [RESOURCE(SAM, '      Cors:\n        AllowOrigin: "|"'), " '*'"],
    [RESOURCE(SAM, '      Cors:\n        MaxAge: |'), ` "'7200'" "'86400'" "'600'"`],
    [RESOURCE('AWS::Lambda::Url', '      Cors:\n        |'), ` ${HTTP_KEYS}`],
    [RESOURCE('AWS::Serverless::Function', '      FunctionUrlConfig:\n        Cors:\n          |'), ` ${HTTP_KEYS}`],
    ['Globals:\n  Api:\n    Cors:\n      |\n', ` ${REST_KEYS}`],
    ['Globals:\n  HttpApi:\n    CorsConfiguration:\n      MaxAge: |\n', ' 7200 86400 600'],
    [RESOURCE(S3, '      CorsConfiguration:\n        CorsRules:\n          - |'), undefined],
    [
      RESOURCE(S3, '      CorsConfiguration:\n        CorsRules:\n          - MaxAge: 5\n            |'),
      ` ${BUCKET_KEYS.replace(' MaxAge:', '')}`,
    ],
    [
      RESOURCE(
        S3,
        "      CorsConfiguration:\n        CorsRules:\n          - AllowedOrigins: ['*']\n          - AllowedMethods:\n              - |",
      ),
      ' GET PUT POST DELETE HEAD',
    ],
    [
      RESOURCE(
        S3,
        '      CorsConfiguration:\n        CorsRules:\n          - MaxAge: 5\n          - AllowedMethods: [GET]\n            |',
      ),
      ` ${BUCKET_KEYS.replace(' AllowedMethods:', '')}`,
    ],
    [RESOURCE(S3, '      CorsConfiguration:\n        |'), undefined],
    [RESOURCE('AWS::Other::Thing', '      Cors:\n        |'), undefined],
    [RESOURCE(HTTP, '      CorsConfiguration:\n        # |'), undefined],
    [RESOURCE(HTTP, '      CorsConfiguration:\n        Unknown: |'), undefined],
    [RESOURCE(HTTP, '      CorsConfiguration:\n        AllowOrigins: |'), undefined],
    ['Cors:\n  |', undefined],
    ['|', undefined],
  ])('%j', (marked, expected) => {
    expect(at(marked)).toEqual(expected);
  });

  it('takes configured origins where a list of them is', () => {
    const text = RESOURCE(HTTP, '      CorsConfiguration:\n        AllowOrigins:\n          - ');
    expect(completionAt(text, text.indexOf('- ') + 2)?.originQuote).toBe("'");
    const sam = RESOURCE(SAM, '      Cors:\n        AllowOrigin: ');
    expect(completionAt(sam, sam.indexOf('AllowOrigin: ') + 13)?.originQuote).toBeUndefined();
  });
});
