/** A faulty file of Next.js. */
export interface Faulty {
  readonly name: string;
  readonly file: string;
  /** The rule that finds it. */
  readonly rule: string;
  /** How the title of its fix begins. */
  readonly fix: string;
  /** The method whose preflight is refused. */
  readonly method: string;
  readonly text: string;
}

const ORIGIN = 'https://app.example.com';

export const FAULTY: readonly Faulty[] = [
  {
    name: 'headers of the response itself',
    file: 'app/api/items/route.ts',
    rule: 'preflight-incomplete',
    fix: 'Send Access-Control-Allow-Origin',
    method: 'PUT',
    text: `export async function PUT(request: Request) {
  const item: unknown = await request.json();
  return Response.json(item, { headers: { 'Access-Control-Allow-Origin': '${ORIGIN}' } });
}
`,
  },
  {
    name: 'headers that functions share, without a list',
    file: 'app/api/items/route.ts',
    rule: 'preflight-incomplete',
    fix: 'Send Access-Control-Allow-Origin',
    method: 'DELETE',
    text: `import { NextResponse } from 'next/server';

const corsHeaders = {
  'Access-Control-Allow-Origin': '${ORIGIN}',
  'Access-Control-Allow-Credentials': 'true',
};

export async function GET() {
  return NextResponse.json([], { headers: corsHeaders });
}

export async function DELETE() {
  return new NextResponse(null, { status: 204, headers: { ...corsHeaders, 'Cache-Control': 'no-store' } });
}
`,
  },
  {
    name: 'headers that functions share, with all that a preflight needs',
    file: 'app/api/items/route.ts',
    rule: 'preflight-incomplete',
    fix: 'Send Access-Control-Allow-Origin',
    method: 'PUT',
    text: `const corsHeaders = {
\t"Access-Control-Allow-Origin": "*",
\t"Access-Control-Allow-Methods": "GET, PUT",
\t"Access-Control-Allow-Headers": "Content-Type",
};

export const PUT = async () => {
\treturn new Response("ok", { headers: corsHeaders });
};
`,
  },
  {
    name: 'headers that are set later',
    file: 'app/api/items/route.js',
    rule: 'preflight-incomplete',
    fix: 'Send Access-Control-Allow-Origin',
    method: 'PATCH',
    text: `import { NextResponse } from 'next/server'

export function PATCH() {
  const response = NextResponse.json({ ok: true })
  response.headers.set('Access-Control-Allow-Origin', '${ORIGIN}')
  response.headers.set('Cache-Control', 'no-store')
  return response
}
`,
  },
  {
    name: 'headers that a function makes of the request',
    file: 'app/api/items/route.ts',
    rule: 'preflight-incomplete',
    fix: 'Send Access-Control-Allow-Origin',
    method: 'PUT',
    text: `const allowed = ['${ORIGIN}', 'https://admin.example.com'];

function corsHeaders(request: Request): Record<string, string> {
  const origin = request.headers.get('origin') ?? '';
  return {
    'Access-Control-Allow-Origin': allowed.includes(origin) ? origin : '${ORIGIN}',
    'Access-Control-Allow-Methods': 'GET, PUT',
    Vary: 'Origin',
  };
}

export async function PUT(request: Request) {
  return Response.json({}, { headers: corsHeaders(request) });
}
`,
  },
  {
    name: 'an OPTIONS without a list',
    file: 'app/api/items/route.ts',
    rule: 'preflight-incomplete',
    fix: 'Send Access-Control-Allow-Methods',
    method: 'DELETE',
    text: `export function DELETE() {
  return new Response(null, { status: 204, headers: { 'Access-Control-Allow-Origin': '*' } });
}

export function OPTIONS() {
  return new Response(null, {
    headers: {
      'Access-Control-Allow-Origin': '*',
    },
  });
}
`,
  },
  {
    name: 'an OPTIONS without a list, on one line',
    file: 'app/api/items/route.js',
    rule: 'preflight-incomplete',
    fix: 'Send Access-Control-Allow-Methods',
    method: 'DELETE',
    text: `const headers = { "Access-Control-Allow-Origin": "*" }

export const DELETE = () => new Response(null, { headers })
export const OPTIONS = () => new Response(null, { headers })
`,
  },
  {
    name: 'an OPTIONS that sets its headers later, without a list',
    file: 'app/api/items/route.ts',
    rule: 'preflight-incomplete',
    fix: 'Send Access-Control-Allow-Methods',
    method: 'PUT',
    text: `export function PUT() {
  return Response.json({}, { headers: { 'Access-Control-Allow-Origin': '*' } });
}

export function OPTIONS() {
  const response = new Response(null);
  response.headers.set('Access-Control-Allow-Origin', '*');
  return response;
}
`,
  },
  {
    name: 'an OPTIONS without an origin',
    file: 'app/api/items/route.ts',
    rule: 'preflight-incomplete',
    fix: 'Send Access-Control-Allow-Origin',
    method: 'PUT',
    text: `export function PUT() {
  return Response.json({}, { headers: { 'Access-Control-Allow-Origin': '${ORIGIN}' } });
}

export function OPTIONS() {
  return new Response(null, { headers: { 'Access-Control-Allow-Methods': 'PUT' } });
}
`,
  },
  {
    name: 'a page that takes one method',
    file: 'pages/api/items.ts',
    rule: 'preflight-needs-auth',
    fix: 'Let the preflight',
    method: 'PUT',
    text: `import type { NextApiRequest, NextApiResponse } from 'next';

export default async function handler(req: NextApiRequest, res: NextApiResponse): Promise<void> {
  if (req.method !== 'PUT') {
    res.status(405).end();
    return;
  }
  res.setHeader('Access-Control-Allow-Origin', '${ORIGIN}');
  res.setHeader('Access-Control-Allow-Credentials', 'true');
  res.json({});
}
`,
  },
  {
    name: 'a page that chooses by the method',
    file: 'pages/api/items.js',
    rule: 'preflight-needs-auth',
    fix: 'Let the preflight',
    method: 'DELETE',
    text: `export default (req, res) => {
  switch (req.method) {
    case "GET":
    case "DELETE":
      res.setHeader("Access-Control-Allow-Origin", "*")
      return res.json([])
    default:
      return res.status(405).end()
  }
}
`,
  },
  {
    name: 'a page without a list',
    file: 'pages/api/items.js',
    rule: 'preflight-incomplete',
    fix: 'Send Access-Control-Allow-Methods',
    method: 'DELETE',
    text: `export default function handler(req, res) {
  res.setHeader('Access-Control-Allow-Origin', '*');
  if (req.method === 'OPTIONS') return res.status(204).end();
  if (req.method === 'DELETE') return res.status(204).end();
  return res.json([]);
}
`,
  },
  {
    name: 'a page that is sent a body',
    file: 'pages/api/items.js',
    rule: 'preflight-needs-auth',
    fix: 'Let the preflight',
    method: 'PUT',
    text: `export default function handler(req, res) {
  if (req.method !== 'PUT') return res.status(405).end();
  const { name } = req.body;
  res.setHeader('Access-Control-Allow-Origin', '${ORIGIN}');
  return res.json({ name });
}
`,
  },
];
