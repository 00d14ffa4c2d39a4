// Starts the design system's components. Everything on a page also works when this never runs.
const settings = document.querySelector("script[data-portal]").dataset;

// What the design systems say themselves. To be reviewed by a translator, like the rest of the Welsh.
const each = (text) => Object.fromEntries(["zero", "one", "two", "few", "many", "other"].map((form) => [form, text]));
const WELSH = document.documentElement.lang === "cy" && {
  count: {
    charactersUnderLimit: each("Mae gennych %{count} nod ar ôl"),
    charactersAtLimit: "Mae gennych 0 nod ar ôl",
    charactersOverLimit: each("Mae gennych %{count} nod yn ormod"),
  },
  file: {
    chooseFilesButton: "Dewis ffeil",
    dropInstruction: "neu ollwng ffeil",
    noFileChosen: "Dim ffeil wedi’i dewis",
    multipleFilesChosen: each("%{count} ffeil wedi’u dewis"),
    enteredDropZone: "Wedi cyrraedd y man gollwng",
    leftDropZone: "Wedi gadael y man gollwng",
  },
  list: {
    tNoResults: () => "Dim canlyniadau",
    tStatusQueryTooShort: (least) => `Teipiwch ${least} nod neu fwy i weld canlyniadau`,
    tStatusNoResults: () => "Dim canlyniadau",
    tStatusSelectedOption: (chosen, length, index) => `${chosen} ${index + 1} o ${length} wedi’i amlygu`,
    tStatusResults: (length, chosen) => `Canlyniadau ar gael: ${length}. ${chosen}`,
    tAssistiveHint: () => "Pan fydd canlyniadau, defnyddiwch y saethau i fyny ac i lawr i’w gweld a Enter i ddewis. Ar ddyfais gyffwrdd, cyffyrddwch neu sgubwch.",
  },
};

async function startComponents() {
  const [govuk, moj] = await Promise.all([import(settings.govuk), import(settings.moj)]);
  govuk.initAll(WELSH ? { characterCount: { i18n: WELSH.count }, fileUpload: { i18n: WELSH.file } } : {});
  moj.initAll();
}

function load(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

// A type-ahead matches any part of any word, and keeps the select's own name, so the form sends the same thing.
async function startAutocompletes() {
  const selects = document.querySelectorAll('select[data-module="autocomplete"]');
  if (!selects.length) return;
  await load(settings.autocomplete);
  for (const select of selects) {
    const describedBy = select.getAttribute("aria-describedby");
    const failed = select.classList.contains("govuk-select--error");
    const id = select.id;
    window.accessibleAutocomplete.enhanceSelectElement({
      selectElement: select,
      defaultValue: select.value ? undefined : "",
      preserveNullOptions: false,
      showAllValues: true,
      confirmOnBlur: false,
      autoselect: false,
      ...(WELSH ? WELSH.list : {}),
      onConfirm: (chosen) => {
        const wanted = chosen ?? document.getElementById(id).value;
        const match = [...select.options].find((option) => option.text === wanted);
        select.value = match ? match.value : "";
        select.dispatchEvent(new Event("change", { bubbles: true }));
      },
    });
    const input = document.getElementById(id);
    // Text that matches nobody must not leave an earlier choice behind in the hidden select.
    input.addEventListener("input", () => {
      const match = [...select.options].find((option) => option.text === input.value);
      select.value = match ? match.value : "";
    });
    if (describedBy) input.setAttribute("aria-describedby", `${describedBy} ${id}__assistiveHint`);
    if (failed) input.classList.add("portal-autocomplete--error");
  }
}

function startPrintButtons() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

const PAUSE = 2000;

// A draft keeps itself when the raiser pauses; files wait for a button. What can't be kept is said, nothing is lost.
function startAutosave() {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const status = form.querySelector("[data-autosave-status]");
    let timer;
    let leaving = false;
    const keep = async () => {
      const answers = new FormData(form);
      for (const input of form.querySelectorAll('input[type="file"]')) answers.delete(input.name);
      answers.set("way", "autosave");
      const answer = await fetch(form.action, { method: "POST", body: answers, redirect: "manual" }).catch(() => null);
      if (!leaving) status.textContent = answer?.status === 204 ? status.dataset.saved : status.dataset.failed;
    };
    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
    });
    form.addEventListener("submit", () => {
      leaving = true;
      clearTimeout(timer);
    });
  }
}

await Promise.allSettled([startComponents(), startAutocompletes()]);
startPrintButtons();
startAutosave();
