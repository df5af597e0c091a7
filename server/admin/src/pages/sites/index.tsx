import type { PageProps } from '../../app/pages.ts';
import { t } from '../../app/texts.ts';
import { PageHead } from '../../ui/page.tsx';

export default function Page({ name }: PageProps) {
  return <PageHead title={t.pages[name as keyof typeof t.pages]} />;
}
