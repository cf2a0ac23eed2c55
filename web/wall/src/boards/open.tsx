import "../css/page.css";
import "../css/desk.css";
import "../css/editor.css";
import "../css/sheet.css";

import { start } from "../desk/start";
import { browser } from "../wire/socket";
import { Boards } from "./Boards";

export const open = (root: HTMLElement): void => start(root, Boards, browser);
