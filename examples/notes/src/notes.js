const store = require('./store');

const headers = {
  'Content-Type': 'application/json',
  'Access-Control-Allow-Origin': 'https://notes.example.com',
  'Access-Control-Allow-Credentials': 'True',
};

exports.list = async () => ({
  statusCode: 200,
  headers,
  body: JSON.stringify(await store.all()),
});

exports.create = async (event) => {
  const note = JSON.parse(event.body);
  await store.save(note);
  return { statusCode: 201, headers, body: JSON.stringify(note) };
};

exports.read = async (event) => {
  const note = await store.find(event.pathParameters.id);
  if (!note) {
    return { statusCode: 404, body: JSON.stringify({ error: 'no such note' }) };
  }
  return { statusCode: 200, headers, body: JSON.stringify(note) };
};
