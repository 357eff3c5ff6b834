/** The playground is one place, as a Discord server is one. */
export const SPACE = 'local';
