import "../css/page.css";
import "../css/desk.css";
import "../css/team.css";
import "../css/acts.css";
import "../css/breaks.css";
import "../css/sheet.css";
import "../css/alerts.css";
import "../css/lead.css";

import { start } from "../desk/start";
import { Team } from "./Team";

export const open = (root: HTMLElement): void => start(root, Team);
