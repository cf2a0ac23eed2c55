import "../css/page.css";
import "../css/desk.css";
import "../css/acts.css";
import "../css/sheet.css";
import "../css/cases.css";

import { start } from "../desk/start";
import { Page } from "./Page";

export const open = (root: HTMLElement): void => start(root, Page);
