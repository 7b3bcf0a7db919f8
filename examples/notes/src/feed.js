const store = require('./store');

exports.feed = async () => {
  const notes = await store.all();
  return { statusCode: 200, body: JSON.stringify(notes.slice(0, 20)) };
};
