/** The cookies of one browser or program. */
export interface Jar {
  /** `fetch` with the cookies, which keeps those that are set. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  header(): string;
  clear(): void;
}

export function createJar(): Jar {
  const cookies = new Map<string, string>();
  const header = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    header,
    clear: () => cookies.clear(),
    async fetch(url, init = {}) {
      const headers = new Headers(init.headers);
      if (cookies.size > 0) headers.set('Cookie', header());
      const response = await fetch(url, { ...init, headers });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
        cookies.set(name!, value!);
      }
      return response;
    },
  };
}

/** A jar for each of some people by their names, as if each had a browser. */
export function createJars(): (name: string) => Jar {
  const jars = new Map<string, Jar>();
  return (name) => {
    const jar = jars.get(name) ?? createJar();
    jars.set(name, jar);
    return jar;
  };
}
