// Starts the desk: who is here, then the shell; without a session the way in.
import { render } from 'preact';
import { onSessionLost } from './lib/api.ts';
import { lang } from './lib/i18n.ts';
import { getPlace } from './lib/router.ts';
import { loadSession, session } from './lib/session.ts';
import { showOver } from './ui/dialog.tsx';
import { Trouble } from './ui/feedback.tsx';
import { Shell } from './app/shell.tsx';
import { LoginDialog, LoginPage, ResetPage } from './pages/login/index.tsx';

const root = document.getElementById('desk')!;
document.documentElement.lang = lang;

async function start() {
  if (getPlace().path[0] === 'reset') {
    render(<ResetPage />, root);
    return;
  }
  const now = await loadSession();
  if (!now || now.second_factor_wanted) {
    render(<LoginPage onDone={start} />, root);
    return;
  }
  let asking: Promise<void> | undefined;
  onSessionLost(() => {
    asking ??= (async () => {
      await showOver<void>((done) => <LoginDialog user={session.get()!.user} onDone={() => done()} />);
    })().finally(() => { asking = undefined; });
    return asking;
  });
  render(<Shell />, root);
}

start().catch((error) => render(<main class="alone-page"><Trouble error={error} retry={() => location.reload()} /></main>, root));
