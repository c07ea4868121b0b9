// Preloaded into the program under test.
import { registerAgent } from "../../../src/agents/registry.ts";
import { echo } from "./agent.ts";

registerAgent(echo);
