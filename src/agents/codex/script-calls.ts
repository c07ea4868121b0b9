// Tool calls written in the JavaScript of code mode. The script is only parsed, never run: a call is understood when its
// argument is a literal, or a constant bound to one.
import { type AnyNode, parse } from "acorn";
import { asFields, type Fields } from "../fields.ts";

export interface ScriptCall {
  /** `exec_command`, `apply_patch`, … */
  tool: string;
  /** The argument where it is a string, or an object; both are null when the argument is not a literal. */
  text: string | null;
  fields: Fields | null;
}

type Literal = string | number | boolean | null | Literal[] | { [key: string]: Literal };
type Constants = Map<string, Literal | undefined>;

/** Longer than any script or patch: bounds the time, and the memory that constants which double each other take. */
const MAX_LENGTH = 1024 * 1024;
const OPTIONS = {
  ecmaVersion: "latest",
  allowAwaitOutsideFunction: true,
  allowReturnOutsideFunction: true,
  allowImportExportEverywhere: true,
} as const;
const CALL = /\btools\s*(?:\.\s*|\[\s*["'])(\w+)(?:["']\s*\])?\s*\(/g;

/** The `tools.…(…)` calls of a script, in source order. */
export function scriptCalls(source: string): ScriptCall[] {
  if (source.length > MAX_LENGTH) return [];
  try {
    return callsIn(parse(source, OPTIONS));
  } catch (error) {
    // A RangeError means that the nesting exhausts the stack.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return [...source.matchAll(CALL)].map(([, tool = ""]) => ({ tool, text: null, fields: null }));
  }
}

function callsIn(program: AnyNode): ScriptCall[] {
  const calls: ScriptCall[] = [];
  const constants: Constants = new Map();
  const open = [program];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === "VariableDeclaration") {
      for (const { id, init } of node.declarations) {
        if (id.type !== "Identifier") continue;
        // A name that is bound in two scopes is ambiguous.
        const isOnly = node.kind === "const" && !constants.has(id.name);
        constants.set(id.name, isOnly && init ? literalOf(init, constants) : undefined);
      }
    } else if (node.type === "CallExpression") {
      const { object, name } = memberOf(node.callee);
      const [argument, ...more] = node.arguments;
      const literal = argument === undefined || more.length > 0 ? undefined : literalOf(argument, constants);
      if (object === "tools" && name !== undefined) {
        calls.push({ tool: name, text: typeof literal === "string" ? literal : null, fields: asFields(literal) });
      }
    }
    open.push(...childrenOf(node).sort((a, b) => b.start - a.start));
  }
  return calls;
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((value): value is AnyNode => typeof asFields(value)?.type === "string");
}

/** The names in `object.name` or `object["name"]`; each is undefined where it is another expression. */
function memberOf(node: AnyNode): { object?: string; name?: string } {
  if (node.type !== "MemberExpression") return {};
  const { object, property, computed } = node;
  return {
    ...(object.type === "Identifier" && { object: object.name }),
    ...(property.type === "Identifier" && !computed && { name: property.name }),
    ...(property.type === "Literal" && { name: String(property.value) }),
  };
}

/** The value of an expression; undefined where it is not a literal. */
function literalOf(node: AnyNode, constants: Constants): Literal | undefined {
  switch (node.type) {
    case "Literal":
      return node.regex || node.bigint ? undefined : (node.value as Literal);
    case "TemplateLiteral":
      return node.expressions.length > 0 ? undefined : (node.quasis[0]?.value.cooked ?? undefined);
    case "TaggedTemplateExpression": {
      const { object, name } = memberOf(node.tag);
      const isRaw = object === "String" && name === "raw" && node.quasi.expressions.length === 0;
      return isRaw ? node.quasi.quasis[0]?.value.raw : undefined;
    }
    case "Identifier":
      return node.name === "undefined" ? null : constants.get(node.name);
    case "UnaryExpression": {
      const value = node.operator === "-" ? literalOf(node.argument, constants) : undefined;
      return typeof value === "number" ? -value : undefined;
    }
    case "BinaryExpression":
      return node.operator === "+" ? joinTexts(literalsOf([node.left, node.right], constants), "") : undefined;
    case "ArrayExpression":
      return literalsOf(node.elements, constants);
    case "ObjectExpression": {
      const entries: [string, Literal][] = [];
      for (const property of node.properties) {
        if (property.type !== "Property" || property.computed) return undefined;
        const { key } = property;
        const value = literalOf(property.value, constants);
        if (value === undefined || (key.type !== "Identifier" && key.type !== "Literal")) return undefined;
        entries.push([key.type === "Identifier" ? key.name : String(key.value), value]);
      }
      return Object.fromEntries(entries);
    }
    case "CallExpression": {
      // Only `[…].join("…")`: a list in a constant may have changed since.
      const { callee } = node;
      if (callee.type !== "MemberExpression" || callee.object.type !== "ArrayExpression") return undefined;
      const [glue] = literalsOf(node.arguments, constants) ?? [];
      const isJoin = memberOf(callee).name === "join" && typeof glue === "string";
      return isJoin ? joinTexts(literalsOf(callee.object.elements, constants), glue) : undefined;
    }
    default:
      return undefined;
  }
}

function literalsOf(nodes: readonly (AnyNode | null)[], constants: Constants): Literal[] | undefined {
  const literals = nodes.map((node) => (node === null ? undefined : literalOf(node, constants)));
  return literals.every((literal) => literal !== undefined) ? literals : undefined;
}

/** The texts in a list; undefined when one of them is not a string, or when they are too long together. */
function joinTexts(parts: readonly Literal[] | undefined, glue: string): string | undefined {
  if (!parts?.every((part) => typeof part === "string")) return undefined;
  const length = parts.reduce((sum, text) => sum + text.length + glue.length, 0);
  return length <= MAX_LENGTH ? parts.join(glue) : undefined;
}
