import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

export type AccountsKey = keyof typeof zhCN;

/** The words of signing in, of the account in the menu, and of the page of people. */
export const { t: say, many, fill, has } = catalogueOf<AccountsKey>({ "zh-CN": zhCN, "zh-TW": zhTW, en });

export const roleName = (role: string): string => {
  const key = `role.${role}`;
  return has(key) ? say(key) : role;
};

/** Why the server did not do it, in the reader's words. */
export const whyNot = (code: string, detail: string): string => {
  const key = `why.${code}`;
  return has(key) ? say(key) : say("why.other", { detail });
};
