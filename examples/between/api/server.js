const express = require('express');
const cors = require('cors');
const bookings = require('./bookings');

const app = express();

app.use(
  cors({
    origin: ['https://bookings.example.com', 'https://desk.example.com'],
    allowedHeaders: ['Content-Type'],
    credentials: true,
  }),
);
app.use(express.json());

app.get('/api/rooms/:id', (req, res) => res.json({ id: req.params.id }));
app.get('/api/guests/:id', (req, res) => res.json({ id: req.params.id }));
app.put('/api/guests/:id', (req, res) => res.json({ id: req.params.id }));
app.get('/api/invoices/:id', (req, res) => res.json({ id: req.params.id }));
app.get('/api/prices/:day', (req, res) => res.json({ day: req.params.day }));
app.get('/api/reports', (req, res) => res.set('X-Total-Count', '3').json([]));
app.use('/api/bookings', bookings);

app.listen(3000);
