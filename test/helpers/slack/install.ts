import type { Workspace } from './workspace.ts';

/**
 * What a person's browser does on the install page and at Slack, up to where Slack sends it back: the code and state
 * it brings, and the cookie it got from us.
 */
export async function approve(pages: string, workspace: Workspace, name: string): Promise<{ code: string; state: string; cookie: string }> {
  const page = await fetch(`${pages}/slack/install`);
  const cookie = page.headers.get('set-cookie')!.split(';')[0]!;
  const link = new URL(/href="([^"]+oauth[^"]+)"/.exec(await page.text())![1]!.replaceAll('&amp;', '&'));
  const form = {
    user_id: workspace.member(name).id,
    redirect_uri: `${pages}/slack/oauth_redirect`,
    scope: link.searchParams.get('scope') ?? '',
    user_scope: '',
    state: link.searchParams.get('state') ?? '',
    client_id: link.searchParams.get('client_id') ?? '',
  };
  const allowed = await fetch(`${workspace.url}/oauth/v2/authorize/callback`, {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'manual',
  });
  const back = new URL(allowed.headers.get('location')!);
  return { code: back.searchParams.get('code')!, state: back.searchParams.get('state')!, cookie };
}

/** Installs the app in a workspace, as one of its people. */
export async function installIn(pages: string, workspace: Workspace, name: string): Promise<Response> {
  const { code, state, cookie } = await approve(pages, workspace, name);
  return fetch(`${pages}/slack/oauth_redirect?${new URLSearchParams({ code, state })}`, { headers: { Cookie: cookie } });
}
