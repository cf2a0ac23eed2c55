import { nameOf } from "../names";
import type { Wall } from "../wall";

export interface Names {
  agent(id: string): string;
  queue(id: string): string;
}

/** What the people and queues of the floor are called; an id where the board does not know it. */
export const namesOf = (wall: Wall): Names => ({
  agent: (id) => (id === "" ? "" : nameOf(wall.board.at("agents", id), id)),
  queue: (id) => (id === "" ? "" : nameOf(wall.board.at("queues", id), id)),
});
