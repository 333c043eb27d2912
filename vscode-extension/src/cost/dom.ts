// How is an element of the panel made? Its text is set as text, never read as markup.

/** Returns an element of HTML. */
export function element(name: string, text: string, attributes: Record<string, string> = {}): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  setAll(made, attributes);
  return made;
}

/** Returns an element of a drawing. */
export function drawn(name: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  made.textContent = text;
  setAll(made, attributes);
  return made;
}

function setAll(made: Element, attributes: Record<string, string | number>): void {
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, String(value));
  }
}
