import cors from 'cors';
import express from 'express';
import { corsOptions } from './corsOptions.js';
import { orders } from './routes/orders.js';

const app = express();

app.use(express.json());
app.use('/orders', orders);

app.use(cors(corsOptions));
app.options('*', cors(corsOptions));

app.listen(3000);
