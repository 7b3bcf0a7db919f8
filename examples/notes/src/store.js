const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } = require('@aws-sdk/lib-dynamodb');

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.NOTES_TABLE;

exports.all = async () => (await client.send(new ScanCommand({ TableName }))).Items ?? [];
exports.find = async (id) => (await client.send(new GetCommand({ TableName, Key: { id } }))).Item;
exports.save = (note) => client.send(new PutCommand({ TableName, Item: note }));
