import { sign } from "../desk/drawings";

export const UndoSign = sign("M8.5 4L3.5 9l5 5M4 9h10a6.2 6.2 0 0 1 0 12.4h-4");
export const RedoSign = sign("M15.5 4l5 5-5 5M20 9H10a6.2 6.2 0 0 0 0 12.4h4");
export const TrashSign = sign("M4 6.5h16M9 6V3.5h6V6M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6");
export const PlusSign = sign("M12 4v16M4 12h16");
export const UpSign = sign("M12 20V4.5M5.5 11L12 4.5l6.5 6.5");
export const DownSign = sign("M12 4v15.5M5.5 13l6.5 6.5 6.5-6.5");
export const BackSign = sign("M15 5l-7 7 7 7");
export const NextSign = sign("M9 5l7 7-7 7");
export const SaveSign = sign("M12 3.5V16M6.5 11L12 16.5l5.5-5.5M4 20.5h16");
export const ScreenSign = sign("M2.5 4.5h19v12.5h-19zM8 21h8M12 17v4");
export const CopySign = sign("M8.5 8.5h12v12h-12zM15.5 8.5v-5h-12v12h5");
export const PastSign = sign("M3.6 13.5A8.6 8.6 0 1 0 5.5 6.4L3.5 8.6M3.5 3.6v5h5M12 7.5V12l3.2 2");
export const PlaySign = sign("M3.6 9.4v5.2h3.6l6 4.4V5l-6 4.4zM17 8.6a4.6 4.6 0 0 1 0 6.8");
