"""
Records what AWS's own translator makes of the CORS settings of SAM templates: test/oracle/facts/sam.json.

    pip install aws-sam-translator
    python3 test/oracle/sam-record.py > test/oracle/facts/sam.json

The templates are made up here from a grammar and a seed; of the translator's output only what CORS comes to is kept.
"""

import json
import logging
import os
import random
import sys
from importlib.metadata import version

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
logging.disable(logging.CRITICAL)

from samtranslator.model.exceptions import InvalidDocumentException  # noqa: E402
from samtranslator.translator.transform import transform  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 1
CASES = int(sys.argv[2]) if len(sys.argv) > 2 else 160
pick = random.Random(SEED)


def chance(p):
    return pick.random() < p


def some(items, least=1):
    return pick.sample(items, pick.randint(least, len(items)))


def flow(pairs):
    return "{ " + ", ".join(f"{key}: {value}" for key, value in pairs) + " }" if pairs else "{}"


ORIGINS = ["https://a.example", "https://b.example", "http://localhost:3000"]


def rest_cors():
    kind = pick.randrange(10)
    if kind < 2:
        return "\"'*'\""
    if kind == 2:
        return f"\"'{pick.choice(ORIGINS)}'\""
    if kind == 3:
        return "!Ref Origin"
    pairs = []
    if chance(0.8):
        pairs.append(("AllowOrigin", pick.choice(["\"'*'\"", f"\"'{pick.choice(ORIGINS)}'\"", "!Ref Origin"])))
    if chance(0.5):
        pairs.append(("AllowMethods", f"\"'{','.join(some(['GET', 'PUT', 'OPTIONS', 'DELETE']))}'\""))
    if chance(0.5):
        pairs.append(("AllowHeaders", f"\"'{','.join(some(['Content-Type', 'Authorization', 'X-Api-Key']))}'\""))
    if chance(0.4):
        pairs.append(("MaxAge", pick.choice(["\"'600'\"", "\"'7200'\""])))
    if chance(0.5):
        pairs.append(("AllowCredentials", pick.choice(["true", "true", "false", "'true'"])))
    if chance(0.1):
        pairs.append((pick.choice(["AllowOrigins", "allowOrigin", "ExposeHeaders"]), "\"'*'\""))
    return flow(pairs)


def rest_auth():
    pairs = []
    if chance(0.7):
        pairs.append(("DefaultAuthorizer", pick.choice(["AWS_IAM", "Pool", "Pool"])))
        pairs.append(("Authorizers", "{ Pool: { UserPoolArn: 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/p' } }"))
    if chance(0.4):
        pairs.append(("ApiKeyRequired", pick.choice(["true", "true", "false"])))
    if chance(0.4):
        pairs.append(("AddDefaultAuthorizerToCorsPreflight", pick.choice(["false", "false", "true"])))
    if chance(0.3):
        pairs.append(("AddApiKeyRequiredToCorsPreflight", pick.choice(["false", "true"])))
    return flow(pairs) if pairs else None


def http_cors():
    kind = pick.randrange(10)
    if kind < 2:
        return "true"
    if kind == 2:
        return "false"
    pairs = []
    if chance(0.85):
        pairs.append(("AllowOrigins", f"[{', '.join(some(ORIGINS))}]" if chance(0.7) else "['*']"))
    if chance(0.5):
        pairs.append(("AllowMethods", f"[{', '.join(some(['GET', 'PUT', 'DELETE']))}]"))
    if chance(0.5):
        pairs.append(("AllowHeaders", f"[{', '.join(some(['content-type', 'authorization']))}]"))
    if chance(0.3):
        pairs.append(("ExposeHeaders", "[x-total]"))
    if chance(0.4):
        pairs.append(("MaxAge", pick.choice(["600", "0"])))
    if chance(0.5):
        pairs.append(("AllowCredentials", pick.choice(["true", "true", "false"])))
    if chance(0.08):
        pairs.append((pick.choice(["AllowOrigin", "allowOrigins"]), "['*']"))
    return flow(pairs) if pairs else "true"


def body(http):
    """An OpenAPI definition of one or two paths."""
    lines = ["openapi: 3.0.1", "info: { title: api, version: '1' }"]
    if http and chance(0.4):
        lines.append("x-amazon-apigateway-cors: { allowOrigins: ['https://c.example'], allowMethods: [GET] }")
    lines.append("paths:")
    for path in some(["/x", "/y"]):
        lines.append(f"  {path}:")
        for method in some(["get", "put", "x-amazon-apigateway-any-method"]):
            lines.append(f"    {method}: {{ responses: {{}} }}")
        if not http and chance(0.3):
            lines += [
                "    options:",
                "      responses: {}",
                "      x-amazon-apigateway-integration:",
                "        type: mock",
                "        responses:",
                "          default:",
                "            statusCode: '204'",
                "            responseParameters:",
                "              method.response.header.Access-Control-Allow-Origin: \"'https://own.example'\"",
            ]
    return lines


def event(kind, api, number):
    key = "RestApiId" if kind == "Api" else "ApiId"
    method = pick.choice(["get", "put", "post", "delete", "any" if kind == "Api" else "ANY", "GET"])
    if chance(0.1):
        method = "options"
    pairs = [("Path", pick.choice(["/x", "/x", "/y", "'/x/{id}'", "/x/"])), ("Method", method)]
    if api is not None:
        pairs.insert(0, (key, f"!Ref {api}"))
    if kind == "Api" and chance(0.1):
        pairs.append(("Auth", pick.choice(["{ Authorizer: NONE }", "{ ApiKeyRequired: true }"])))
    return f"        E{number}: {{ Type: {kind}, Properties: {flow(pairs)} }}"


def template():
    lines = [
        "Transform: AWS::Serverless-2016-10-31",
        "Parameters:",
        "  Origin: { Type: String, Default: \"'https://default.example'\" }",
    ]
    kind = pick.choice(["Api", "Api", "Api", "HttpApi", "HttpApi", "url"])
    globals_ = []
    if kind == "Api" and chance(0.3):
        globals_.append("  Api:")
        globals_.append(f"    Cors: {rest_cors()}")
    if kind == "HttpApi" and chance(0.3):
        globals_.append("  HttpApi:")
        globals_.append(f"    CorsConfiguration: {http_cors()}")
    if kind == "url" and chance(0.4):
        globals_.append("  Function:")
        globals_.append(f"    FunctionUrlConfig: {{ AuthType: NONE, Cors: {url_cors()} }}")
    if globals_:
        lines += ["Globals:", *globals_]
    lines.append("Resources:")
    explicit = kind != "url" and chance(0.8)
    defined = explicit and chance(0.25)
    if explicit:
        lines += ["  Shop:", f"    Type: AWS::Serverless::{kind}", "    Properties:"]
        lines.append("      StageName: live")
        if chance(0.8):
            key, value = ("Cors", rest_cors()) if kind == "Api" else ("CorsConfiguration", http_cors())
            lines.append(f"      {key}: {value}")
        auth = rest_auth() if kind == "Api" and chance(0.4) else None
        if auth:
            lines.append(f"      Auth: {auth}")
        if defined:
            lines.append("      DefinitionBody:")
            lines += [f"        {line}" for line in body(kind == "HttpApi")]
    lines += [
        "  Hello:",
        "    Type: AWS::Serverless::Function",
        "    Properties:",
        "      Runtime: nodejs20.x",
        "      Handler: hello.handler",
        "      CodeUri: s3://bucket/key",
    ]
    if kind == "url":
        lines.append(f"      FunctionUrlConfig: {flow([('AuthType', 'NONE'), ('Cors', url_cors())][: pick.choice([1, 2, 2])])}")
    elif not defined:
        lines.append("      Events:")
        lines += [event(kind, "Shop" if explicit else None, n) for n in range(pick.choice([1, 2, 2, 3]))]
    return "\n".join(lines) + "\n"


def url_cors():
    pairs = [("AllowOrigins", f"[{', '.join(some(ORIGINS))}]" if chance(0.6) else "['*']")]
    if chance(0.5):
        pairs.append(("AllowMethods", "[GET, PUT]"))
    if chance(0.5):
        pairs.append(("AllowHeaders", "[content-type]"))
    if chance(0.4):
        pairs.append(("AllowCredentials", pick.choice(["true", "false"])))
    if chance(0.4):
        pairs.append(("MaxAge", "300"))
    return flow(pairs)


class NoPolicies:
    def load(self):
        return {}


def observed(text):
    try:
        out = transform(yaml_parse(text), {}, NoPolicies())
    except InvalidDocumentException as error:
        return {"refused": "; ".join(cause.message for cause in error.causes)}
    rest, http, urls = {}, {}, {}
    for name, resource in out["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::ApiGateway::RestApi":
            rest[name] = preflights(properties["Body"]["paths"])
        if resource["Type"] == "AWS::ApiGatewayV2::Api":
            http[name] = properties["Body"].get("x-amazon-apigateway-cors")
        if resource["Type"] == "AWS::Lambda::Url":
            urls[name] = properties.get("Cors")
    return {"rest": rest, "http": http, "urls": urls}


def preflights(paths):
    """The OPTIONS method of each path: a mock with its headers, another integration, or none."""
    found = {}
    for path, methods in paths.items():
        options = methods.get("options")
        if options is None:
            found[path] = None
            continue
        integration = options.get("x-amazon-apigateway-integration", {})
        default = integration.get("responses", {}).get("default", {})
        found[path] = {
            "type": integration.get("type"),
            "status": default.get("statusCode"),
            "guarded": any("NONE" not in one for one in options.get("security", [])),
            "headers": {
                key.replace("method.response.header.", ""): value
                for key, value in default.get("responseParameters", {}).items()
            },
        }
    return found


cases, seen = [], set()
while len(cases) < CASES:
    text = template()
    if text in seen:
        continue
    seen.add(text)
    cases.append({"yaml": text, **observed(text)})
source = f"aws-sam-translator {version('aws-sam-translator')}, seed {SEED}: python3 test/oracle/sam-record.py"
print("{")
print(f'  "source": {json.dumps(source)},')
print('  "cases": [')
print(",\n".join(f"    {json.dumps(one)}" for one in cases))
print("  ]\n}")
