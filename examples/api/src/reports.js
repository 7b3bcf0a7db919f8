import express from 'express';

const app = express();

// The dashboards ask with the session cookie.
app.use((req, res, next) => {
  if (req.headers.origin) {
    res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
    res.setHeader('Access-Control-Allow-Credentials', 'true');
  }
  next();
});

app.get('/reports/daily', (_req, res) => {
  res.json({ orders: 12 });
});

app.listen(3003);
