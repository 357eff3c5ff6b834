/** What Discord allows, in UTF-16 units where it counts characters. The renderer stays below; tests check with a table of their own. */

/** Text on one page: below the 4000 of a message in components and the 4096 of an embed's description. */
export const PAGE_TEXT = 3_600;
/** Components in a message, nested ones counted. */
export const COMPONENTS = 40;
/** Rows of buttons below a message with embeds. */
export const ROWS = 5;
export const ROW_BUTTONS = 5;
export const SELECT_OPTIONS = 25;
export const BUTTON_LABEL = 80;
/** Labels of menu entries and of autocomplete choices, and a string value of either. */
export const CHOICE = 100;
export const CHOICES = 25;
/** Description of an attachment: its alt text. */
export const ALT = 1_024;
export const EMBED_TITLE = 256;
/** Attachments in a message. */
export const FILES = 10;
/** Bytes of one attachment in a server without boosts. */
export const FILE_BYTES = 10 * 1024 * 1024;
/** Cells of a table's line that a code block shows on a phone without breaking it. */
export const TABLE_WIDTH = 46;
/** Everything of a page that is not text, so that its components stay below the limit whatever the reply holds. */
export const PAGE_EXTRAS = 10;
/** Lines with a button of their own on one page, and the components of each: section, text, button. */
export const PAGE_ROWS = 6;
export const ROW_COST = 3;
/** A form and its field. */
export const FORM_TITLE = 45;
export const FORM_LABEL = 45;
export const FORM_PLACEHOLDER = 100;
export const TEXT_INPUT = 4_000;
