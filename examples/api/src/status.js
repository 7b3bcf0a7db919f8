import cors from 'cors';
import express from 'express';

const app = express();

app.use(cors);

app.get('/status', (_req, res) => {
  res.json({ up: true });
});

app.listen(3002);
