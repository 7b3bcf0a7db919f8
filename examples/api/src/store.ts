export interface Order {
  readonly id: string;
  readonly items: readonly string[];
}

const orders = new Map<string, Order>();

export function listOrders(): Order[] {
  return [...orders.values()];
}

export function findOrder(id: string): Order | undefined {
  return orders.get(id);
}

export function saveOrder(id: string, { items }: Pick<Order, 'items'>): Order {
  const order = { id, items };
  orders.set(id, order);
  return order;
}
