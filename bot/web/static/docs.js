// The description of the API as a page, from /openapi.json; no foreign scripts, works offline.

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

const code = (text) => element("code", text);

/** A schema with its references replaced by what they name. */
function resolved(schema, root, depth = 0) {
  if (!schema || typeof schema !== "object" || depth > 8) return schema;
  if (schema.$ref) return resolved(schema.$ref.split("/").slice(1).reduce((at, key) => at?.[key], root), root, depth + 1);
  if (Array.isArray(schema)) return schema.map((each) => resolved(each, root, depth + 1));
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, resolved(value, root, depth + 1)]));
}

function typeOf(schema) {
  if (!schema) return "";
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  return schema.type === "array" ? `${typeOf(schema.items)}[]` : schema.type || "any";
}

function fields(schema) {
  const rows = Object.entries(schema?.properties ?? {}).map(([name, field]) =>
    element("tr", element("td", code(name)), element("td", typeOf(field)), element("td", field.description ?? "")),
  );
  if (!rows.length) return [];
  return [element("table", element("thead", element("tr", ...["Field", "Type", "Meaning"].map((each) => element("th", each)))), element("tbody", ...rows))];
}

function contentOf(part, root) {
  const [kind, content] = Object.entries(part?.content ?? {})[0] ?? [];
  return { kind, schema: resolved(content?.schema, root) };
}

function answers(operation, root) {
  return Object.entries(operation.responses ?? {}).flatMap(([status, response]) => {
    const { kind, schema } = contentOf(response, root);
    const line = element("p", element("strong", status), ` ${response.description ?? ""} ${kind ? `(${kind})` : ""}`);
    return [line, ...fields(schema), ...(schema?.properties?.messages ? [...fields(schema.properties.messages.items)] : [])];
  });
}

async function run(path, method, body, output) {
  const response = await fetch(path, { method, headers: body ? { "Content-Type": "application/json" } : {}, body });
  const text = await response.text();
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // not JSON: shown as it came
  }
  output.textContent = `${response.status} ${response.statusText}\n\n${shown}`;
}

function trial(path, method, hasBody) {
  const output = element("pre");
  output.hidden = true;
  output.tabIndex = 0;
  const body = element("textarea");
  body.setAttribute("aria-label", `Body of ${method.toUpperCase()} ${path}`);
  body.value = JSON.stringify({ text: "cài VNeID thế nào" }, null, 2);
  const button = element("button", "Try it");
  button.className = "choice";
  button.addEventListener("click", () => {
    output.hidden = false;
    run(path, method.toUpperCase(), hasBody ? body.value : undefined, output);
  });
  return hasBody ? [body, button, output] : [button, output];
}

function section(path, method, operation, root) {
  const request = contentOf(operation.requestBody, root);
  const made = element("section", element("h2", code(`${method.toUpperCase()} ${path}`)), element("p", operation.summary ?? ""));
  if (operation.description) made.append(element("p", operation.description));
  const names = (operation.parameters ?? []).map((each) => `${each.name}${each.required ? "" : " (optional)"} in ${each.in}`);
  if (names.length) made.append(element("p", `Parameters: ${names.join(", ")}`));
  if (request.schema) made.append(element("h3", "Body"), ...fields(request.schema));
  made.append(element("h3", "Answers"), ...answers(operation, root));
  const simple = !path.includes("{") && !names.length && (method === "get" || request.kind === "application/json");
  if (simple && (path.startsWith("/api/") || method === "get")) made.append(...trial(path, method, Boolean(request.schema)));
  return made;
}

async function show() {
  const root = await (await fetch("/openapi.json")).json();
  const found = Object.entries(root.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(path, method, operation, root)),
  );
  document.getElementById("operations").replaceChildren(...found);
}

show().catch(() => {
  document.getElementById("operations").replaceChildren(element("p", "The description could not be loaded."));
});
