const store = require('./store');

exports.share = async (event) => {
  const note = await store.find(event.pathParameters.id);
  const link = `https://notes.example.com/s/${note.id}`;
  return { statusCode: 200, body: JSON.stringify({ link }) };
};
