// The frame of every page: navigation, search, notices, the way to an emergency, the account.
import { Component, type ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { del } from '../lib/api.ts';
import { changeLang, lang } from '../lib/i18n.ts';
import { navigate, usePlace } from '../lib/router.ts';
import { may, session } from '../lib/session.ts';
import { useStore } from '../lib/store.ts';
import { IconButton, Link, LinkButton } from '../ui/button.tsx';
import { Empty, Toasts, Trouble } from '../ui/feedback.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { PageHead } from '../ui/page.tsx';
import { EmergencyBanner } from './emergency_banner.tsx';
import { NoticeBell } from './notices.tsx';
import { pages, type PageEntry } from './pages.ts';
import { QuickSearch } from './quick_search.tsx';
import { t } from './texts.ts';
import { Tour } from './tour.tsx';
import { badges } from './badges.ts';

const mayOpen = (page: PageEntry) => page.permission === 'session' || may(page.permission);

function Navigation({ here, onTurn }: { here: string; onTurn: () => void }) {
  const counts = useStore(badges);
  const groups = ['', 'content', 'diffusion', 'follow', 'admin'] as const;
  return (
    <nav class="nav" aria-label={t.nav} id="nav">
      {groups.map((group) => {
        const list = pages.filter((page) => page.group === group && mayOpen(page));
        return list.length > 0 && (
          <div key={group} class="nav-group">
            {group && <p class="nav-title" id={`nav-${group}`}>{t.groups[group]}</p>}
            <ul aria-labelledby={group ? `nav-${group}` : undefined}>
              {list.map((page) => (
                <li key={page.name}>
                  <Link to={page.name === 'today' ? '/' : `/${page.name}`} aria-current={page.name === here ? 'page' : undefined} onClick={onTurn}>
                    <Icon name={page.icon} />{t.pages[page.name]}
                    {!!counts[page.name] && <span class="count">{counts[page.name]}</span>}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

async function logout() {
  await del('/session').catch(() => {});
  location.assign('/admin/');
}

function TopBar({ onMenu, open }: { onMenu: () => void; open: boolean }) {
  const me = useStore(session)!;
  return (
    <header class="bar">
      <IconButton icon={open ? 'close' : 'menu'} label={t.menu} class="nav-toggle" aria-expanded={open} aria-controls="nav" onClick={onMenu} />
      <Link to="/" class="brand"><img src="/admin/favicon.svg" alt="" width="30" height="30" /><span>Vitrine</span></Link>
      <QuickSearch />
      <div class="bar-end">
        {(may('alert') || may('read')) && <LinkButton to="/emergency" icon="alert" class="alarm">{t.alert}</LinkButton>}
        <NoticeBell />
        <Menu label={`${t.account} : ${me.display || me.user}`} icon="people" items={[
          { label: t.myAccount, icon: 'settings', run: () => navigate('/account') },
          { label: t.language, icon: 'info', run: () => changeLang(lang === 'fr' ? 'en' : 'fr') },
          { label: t.logout, icon: 'logout', run: logout },
        ]} />
      </div>
    </header>
  );
}

// A page that breaks takes nothing else with it.
class Guard extends Component<{ children: ComponentChildren }, { error?: Error }> {
  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  render() {
    return this.state.error ? <Trouble error={this.state.error} retry={() => this.setState({ error: undefined })} /> : this.props.children;
  }
}

export function Shell() {
  const { path, query, turned } = usePlace();
  const name = path[0] ?? 'today';
  const page = pages.find((one) => one.name === name);
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!turned) return;
    setOpen(false);
    // The page's heading; of one that is still on its way it takes the focus itself (PageHead).
    (main.current?.querySelector('h1') ?? main.current)?.focus({ preventScroll: true });
  }, [turned]);
  return (
    <div class={`desk ${open ? 'nav-open' : ''}`} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        main.current?.focus();
      }}>{t.skip}</a>
      <TopBar open={open} onMenu={() => setOpen(!open)} />
      <Navigation here={name} onTurn={() => setOpen(false)} />
      <main id="main" ref={main} tabIndex={-1}>
        <EmergencyBanner hidden={name === 'emergency'} />
        {!page ? (
          <><PageHead title={t.notFound} />
            <Empty icon="search" title={t.notFound} action={<LinkButton to="/" kind="primary">{t.home}</LinkButton>}>{t.notFoundText}</Empty></>
        ) : mayOpen(page) ? (
          <Guard key={name}><page.Page name={name} path={path.slice(1)} query={query} /></Guard>
        ) : (
          <><PageHead title={t.pages[page.name]} />
            <Empty icon="lock" title={t.denied} action={<LinkButton to="/" kind="primary">{t.home}</LinkButton>}>{t.deniedText}</Empty></>
        )}
      </main>
      <Toasts />
      <Tour />
    </div>
  );
}
