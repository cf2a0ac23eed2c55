import "../css/page.css";
import "../css/desk.css";
import "../css/acts.css";
import "../css/duty.css";

import { start } from "../desk/start";
import { Duty } from "./Duty";

export const open = (root: HTMLElement): void => start(root, Duty);
