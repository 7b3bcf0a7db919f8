import express from 'express';

const app = express();
const FRONT_END = 'https://shop.example.com';

app.use(express.json());

app.put('/profile', (req, res) => {
  res.set('Access-Control-Allow-Origin', FRONT_END);
  res.json({ saved: req.body });
});

app.listen(3004);
