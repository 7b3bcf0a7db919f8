import { Router } from 'express';
import { findOrder, listOrders, saveOrder } from '../store.js';

export const orders = Router();

orders.get('/', (_req, res) => {
  res.json(listOrders());
});

orders.get('/:id', (req, res) => {
  const order = findOrder(req.params.id);
  if (order === undefined) {
    res.status(404).json({ error: 'no such order' });
    return;
  }
  res.json(order);
});

orders.put('/:id', (req, res) => {
  res.json(saveOrder(req.params.id, req.body));
});
