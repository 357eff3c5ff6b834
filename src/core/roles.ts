/** What a process does, where several share one Postgres (docs/scale.md). */
export const ROLES = ['gateway', 'slack', 'web', 'clock', 'lab'] as const;
export type Role = (typeof ROLES)[number];

/** Everything in one process. */
export const ALL = 'all';

/**
 * Reads a comma list of roles; `all` stands for every one of them.
 * @returns the roles, or what in the list is none
 */
export function readRoles(typed: string): { roles: ReadonlySet<Role> } | { unknown: string[] } {
  const names = typed
    .toLowerCase()
    .split(/[,，]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => name !== ALL && !isRole(name));
  if (unknown.length > 0 || names.length === 0) return { unknown };
  return { roles: new Set(ROLES.filter((role) => names.includes(ALL) || names.includes(role))) };
}

function isRole(name: string): name is Role {
  return (ROLES as readonly string[]).includes(name);
}

/** Whether a process does everything. */
export function isAll(roles: ReadonlySet<Role>): boolean {
  return roles.size === ROLES.length;
}
