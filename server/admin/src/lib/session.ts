// Who is logged in, and what they may do.
import { get, setCsrf, ApiError } from './api.ts';
import { createStore } from './store.ts';

export interface Session {
  user: string;
  display: string;
  role: string;
  sites: string[]; // bound to these; none: the whole network
  alert: boolean;
  permissions: string[]; // "write", "publish", … (server/auth/auth.h)
  second_factor: boolean;
  second_factor_wanted: boolean;
  csrf: string;
}

export const session = createStore<Session | null>(null);

export function takeSession(now: Session) {
  setCsrf(now.csrf);
  session.set(now);
}

// Null when nobody is logged in.
export async function loadSession(): Promise<Session | null> {
  try {
    const now = await get<Session>('/session');
    takeSession(now);
    return now;
  } catch (problem) {
    if (problem instanceof ApiError && problem.status === 401) return null;
    throw problem;
  }
}

export const may = (permission: string) => {
  const now = session.get();
  return !!now && (permission === 'alert' ? now.alert : now.permissions.includes(permission));
};
