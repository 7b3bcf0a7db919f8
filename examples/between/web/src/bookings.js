const API = 'http://localhost:8080/api';

export async function moveBooking(id, day) {
  const response = await fetch(`${API}/bookings/${id}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    credentials: 'include',
    body: JSON.stringify({ day }),
  });
  return response.json();
}
