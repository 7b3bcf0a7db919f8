const API = 'http://localhost:8080/api';

export async function reports(trace) {
  const response = await fetch(`${API}/reports`, { headers: { 'X-Trace-Id': trace } });
  return response.json();
}

export async function countReports() {
  const response = await fetch(`${API}/reports`);
  return Number(response.headers.get('X-Total-Count'));
}
