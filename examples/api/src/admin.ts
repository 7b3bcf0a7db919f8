import cors from 'cors';
import express from 'express';
import { listOrders, saveOrder } from './store.js';

const app = express();

// Every team has its own front end below example.com.
app.use(cors({ origin: /https:\/\/.*\.example\.com/, credentials: true }));
app.use(express.json());

app.get('/orders', (_req, res) => {
  res.json(listOrders());
});

app.put('/orders/:id', (req, res) => {
  res.json(saveOrder(req.params.id, req.body));
});

app.listen(3001);
