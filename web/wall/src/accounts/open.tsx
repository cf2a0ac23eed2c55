import "../css/page.css";
import "../css/desk.css";
import "../css/sheet.css";
import "../css/editor.css";
import "../css/people.css";

import { start } from "../desk/start";
import { browser } from "../wire/socket";
import { People } from "./People";

export const open = (root: HTMLElement): void => start(root, People, browser);
