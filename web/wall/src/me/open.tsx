import "../css/page.css";
import "../css/desk.css";
import "../css/acts.css";
import "../css/alerts.css";
import "../css/breaks.css";
import "../css/me.css";

import { start } from "../desk/start";
import { Me } from "./Me";

export const open = (root: HTMLElement): void => start(root, Me);
