import type { CorsOptions } from 'cors';

/** The web shop and the partners' portal; both send the session cookie. */
export const corsOptions: CorsOptions = {
  origin: ['https://shop.example.com/', 'https://partners.example.com'],
  credentials: true,
  allowHeaders: ['Content-Type', 'X-Request-Id'],
};
