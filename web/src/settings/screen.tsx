import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { meQuery, modelsQuery, problemText, signOut } from "../api";
import { formatMoney, formatNumber, useWords } from "../i18n";
import { Button, Check, Choice, Problem, Skeleton, Status, setPrefs, usePrefs } from "../ui";
import styles from "./Settings.module.css";

export { SettingsSections } from "./SettingsSections";

export default function SettingsScreen({ section, keyTable }: { section: string; keyTable: ReactNode }) {
  const words = useWords();
  const title = { models: words.models, look: words.look, keys: words.keysSection }[section] ?? words.account;
  return (
    <div className={styles.page}>
      <h2 className={styles.title}>{title}</h2>
      <nav className={styles.inline} aria-label={words.settings}>
        {(
          [
            ["account", words.account],
            ["models", words.models],
            ["look", words.look],
            ["keys", words.keysSection],
          ] as const
        ).map(([key, name]) => (
          <Link key={key} href={`/settings/${key}`} aria-current={name === title ? "page" : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      {section === "models" ? (
        <Models />
      ) : section === "look" ? (
        <Look />
      ) : section === "keys" ? (
        <Keys table={keyTable} />
      ) : (
        <Account />
      )}
    </div>
  );
}

function Account() {
  const words = useWords();
  const me = useQuery(meQuery);
  if (me.isPending) return <Skeleton lines={4} />;
  if (me.isError)
    return <Problem problem={problemText(me.error, words, "account")} onRetry={() => me.refetch()} />;
  return (
    <>
      <dl className={styles.facts}>
        <dt>{words.userId}</dt>
        <dd>
          <code>{me.data.user_id}</code>
        </dd>
        <dt>{words.mode}</dt>
        <dd>{me.data.mode === "local" ? words.modeLocal : words.modeProduction}</dd>
        <dt>{words.answersFrom}</dt>
        <dd>{me.data.model ? `${me.data.model.provider}/${me.data.model.model}` : "–"}</dd>
        <dt>{words.serverVersion}</dt>
        <dd>{me.data.version}</dd>
      </dl>
      <p className={styles.lead}>{words.signOutLead}</p>
      <div>
        <Button onClick={() => void signOut()}>{words.signOut}</Button>
      </div>
    </>
  );
}

function Models() {
  const words = useWords();
  const models = useQuery({ ...modelsQuery, staleTime: 0 });
  if (models.isPending) return <Skeleton lines={6} />;
  if (models.isError)
    return <Problem problem={problemText(models.error, words, "models")} onRetry={() => models.refetch()} />;
  const { default: chosen, providers } = models.data;
  const price = (usd: number | null) => (usd === null ? words.unknown : formatMoney(words.locale, usd));
  return (
    <>
      <p>
        {words.answersFrom}{" "}
        <code>
          {chosen.provider}/{chosen.model}
        </code>
      </p>
      {chosen.provider === "demo" && <p className={styles.lead}>{words.demoNotice}</p>}
      {providers.map((provider) => (
        <section key={provider.id} className={styles.provider}>
          <h3>
            {provider.id}{" "}
            <Status tone={provider.available ? "ok" : "danger"}>
              {provider.available ? words.available : words.unavailable}
            </Status>
            <span className={styles.source}>{words.sourceOf[provider.source]}</span>
          </h3>
          {provider.error_type && (
            <p className={styles.lead}>
              {words.modelErrors[provider.error_type as keyof typeof words.modelErrors] ??
                words.modelErrors.unknown}
            </p>
          )}
          {provider.models.length > 0 && (
            <div className="wide-scroll" role="group" tabIndex={0} aria-label={provider.id}>
              <table className={styles.table}>
                <caption className="visually-hidden">{provider.id}</caption>
                <thead>
                  <tr>
                    <th scope="col">{words.model}</th>
                    <th scope="col">{words.contextSize}</th>
                    <th scope="col">{words.withTools}</th>
                    <th scope="col">{words.priceIn}</th>
                    <th scope="col">{words.priceOut}</th>
                  </tr>
                </thead>
                <tbody>
                  {provider.models.map((model) => (
                    <tr key={model.name}>
                      <th scope="row">{model.name}</th>
                      <td>
                        {model.context_tokens === null
                          ? words.unknown
                          : formatNumber(words.locale, model.context_tokens)}
                      </td>
                      <td>{model.tools ? words.yes : words.no}</td>
                      <td>{price(model.price_in)}</td>
                      <td>{price(model.price_out)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </section>
      ))}
    </>
  );
}

function Look() {
  const words = useWords();
  const prefs = usePrefs();
  return (
    <>
      <Choice
        label={words.theme}
        value={prefs.theme}
        onChange={(theme) => setPrefs({ theme })}
        options={[
          { value: "system", label: words.themeSystem },
          { value: "light", label: words.themeLight },
          { value: "dark", label: words.themeDark },
        ]}
      />
      <Choice
        label={words.languageTitle}
        value={prefs.language ?? "system"}
        onChange={(language) => setPrefs({ language: language === "system" ? null : language })}
        options={[
          { value: "system", label: words.languageSystem },
          { value: "en", label: "English" },
          { value: "ru", label: "Русский" },
        ]}
      />
      <Choice
        label={words.density}
        value={prefs.density}
        onChange={(density) => setPrefs({ density })}
        options={[
          { value: "dense", label: words.dense },
          { value: "roomy", label: words.roomy },
        ]}
      />
      <div>
        <Check
          label={words.followAnswers}
          hint={words.followAnswersHint}
          checked={prefs.followAnswers}
          onChange={(followAnswers) => setPrefs({ followAnswers })}
        />
        <Check
          label={words.readAloud}
          checked={prefs.readAloud}
          onChange={(readAloud) => setPrefs({ readAloud })}
        />
      </div>
    </>
  );
}

function Keys({ table }: { table: ReactNode }) {
  const words = useWords();
  const prefs = usePrefs();
  return (
    <>
      <div>
        <Check
          label={words.enterSends}
          hint={words.enterSendsHint}
          checked={prefs.enterSends}
          onChange={(enterSends) => setPrefs({ enterSends })}
        />
        <Check
          label={words.letterKeys}
          hint={words.letterKeysHint}
          checked={prefs.letterKeys}
          onChange={(letterKeys) => setPrefs({ letterKeys })}
        />
      </div>
      {table}
    </>
  );
}
