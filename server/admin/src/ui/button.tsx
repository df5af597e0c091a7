import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import { href } from '../lib/router.ts';

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

interface Look {
  kind?: ButtonKind; // one primary a view
  icon?: IconName;
  small?: boolean;
  children?: ComponentChildren;
}

type ButtonProps = Look & { busy?: boolean } & Omit<JSX.HTMLAttributes<HTMLButtonElement>, 'icon'> & {
  type?: 'button' | 'submit';
  disabled?: boolean;
};

const classes = ({ kind = 'plain', small }: Look, extra = '') =>
  `button ${kind}${small ? ' small' : ''} ${extra}`;

// While busy it keeps its place and its focus, and cannot be pressed twice.
export function Button({ kind, icon, small, busy, children, type = 'button', class: extra, onClick, ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} class={classes({ kind, small }, String(extra ?? ''))} aria-busy={busy || undefined}
      aria-disabled={busy || undefined} onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}>
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function IconButton({ icon, label, ...rest }: { icon: IconName; label: string } & ButtonProps) {
  return <Button kind="quiet" {...rest} icon={icon} class={`alone ${rest.class ?? ''}`} aria-label={label} title={label} />;
}

// A link that looks like a button; `to` is a place of the desk: "/portraits/new".
export function LinkButton({ kind, icon, small, children, to, ...rest }: Look & { to: string } & Omit<JSX.HTMLAttributes<HTMLAnchorElement>, 'icon'>) {
  return (
    <a {...rest} href={href(to)} class={classes({ kind, small }, String(rest.class ?? ''))}>
      {icon && <Icon name={icon} />}{children}
    </a>
  );
}

export const Link = ({ to, children, ...rest }: { to: string; children: ComponentChildren } & JSX.HTMLAttributes<HTMLAnchorElement>) =>
  <a {...rest} href={href(to)}>{children}</a>;
