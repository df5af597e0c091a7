// How a page begins, and how it is laid out.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';
import { Link } from './button.tsx';
import { t } from './texts.ts';

// The one h1 of a page; it names the window, and takes the focus when the page is turned to.
export function PageHead({ title, about, back, actions, children }: {
  title: string; about?: ComponentChildren; back?: { to: string; label: string }; actions?: ComponentChildren; children?: ComponentChildren;
}) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => { document.title = `${title} · Vitrine`; }, [title]);
  useEffect(() => {
    if (document.activeElement?.id === 'main') head.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header class="page-head">
      {back && <p class="back"><Link to={back.to}><Icon name="left" size={16} />{back.label}</Link></p>}
      <div class="page-title">
        <div><h1 ref={head} tabIndex={-1}>{title}</h1>{about && <p class="about">{about}</p>}</div>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {children}
    </header>
  );
}

export const Card = ({ title, actions, children, class: extra, level = 2 }: { title?: string; actions?: ComponentChildren; children?: ComponentChildren; class?: string; level?: 2 | 3 }) => {
  const H = `h${level}` as 'h2';
  return (
    <section class={`card ${extra ?? ''}`} aria-label={title}>
      {(title || actions) && <header class="card-head">{title && <H>{title}</H>}{actions && <div class="actions">{actions}</div>}</header>}
      {children}
    </section>
  );
};

// Places of one page side by side: links, the present one marked.
export const Tabs = ({ label, tabs }: { label: string; tabs: { to: string; label: string; here: boolean; count?: number; icon?: IconName }[] }) => (
  <nav class="tabs" aria-label={label}>
    {tabs.map((one) => (
      <Link key={one.to} to={one.to} aria-current={one.here ? 'page' : undefined}>
        {one.icon && <Icon name={one.icon} size={18} />}{one.label}{!!one.count && <span class="count">{one.count}</span>}
      </Link>
    ))}
  </nav>
);

// A picture drawn by the server, with its place kept while it comes. ratio: width / height.
export function Frame({ src, alt, ratio = 16 / 9, class: extra }: { src: string; alt: string; ratio?: number; class?: string }) {
  // Of which source: a picture from the cache may be there before an effect runs.
  const [seen, setSeen] = useState<{ src: string; state: 'good' | 'bad' }>({ src: '', state: 'bad' });
  const state = seen.src === src && src ? seen.state : 'wait';
  return (
    <span class={`frame ${state} ${extra ?? ''}`} style={{ aspectRatio: String(ratio) }}>
      {src && <img src={src} alt={alt} decoding="async" loading="lazy" onLoad={() => setSeen({ src, state: 'good' })} onError={() => setSeen({ src, state: 'bad' })} />}
      {state === 'bad' && <span class="frame-none"><Icon name="media" />{t.noImage}</span>}
    </span>
  );
}
