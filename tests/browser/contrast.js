// Every visible text of the widget with too little contrast, as "ratio: text" lines; empty when all is well.
// Backgrounds and opacities are blended from the page upwards, so translucent layers count as they look.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [r, g, b], alpha: a / 255 };
  };
  const mix = (above, alpha, below) => above.map((value, at) => value * alpha + below[at] * (1 - alpha));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const parentOf = (node) => node.parentElement ?? node.getRootNode().host ?? null;
  const layers = (node) => (node ? [...layers(parentOf(node)), node] : []);
  const backdrop = (node) =>
    layers(node).reduce((below, layer) => {
      const style = getComputedStyle(layer);
      const { rgb, alpha } = read(style.backgroundColor);
      return mix(rgb, alpha * Number(style.opacity), below);
    }, [255, 255, 255]);
  const opacity = (node) => layers(node).reduce((all, layer) => all * Number(getComputedStyle(layer).opacity), 1);

  const poor = [];
  const judge = (node, style, text) => {
    const behind = backdrop(node);
    const { rgb, alpha } = read(style.color);
    const seen = mix(rgb, alpha * opacity(node), behind);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    const found = ratio(seen, behind);
    if (found < (large ? 3 : 4.5)) poor.push(`${found.toFixed(2)}: ${text.trim().slice(0, 40)}`);
  };
  const root = document.querySelector("tellergate-chat").shadowRoot;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: node, textContent: text } = walker.currentNode;
    if (!text.trim() || !node.checkVisibility() || node.closest(".unseen, :disabled")) continue;
    judge(node, getComputedStyle(node), text);
  }
  for (const field of root.querySelectorAll("textarea, input")) {
    if (field.placeholder && !field.disabled) judge(field, getComputedStyle(field, "::placeholder"), field.placeholder);
  }
  return poor;
};
