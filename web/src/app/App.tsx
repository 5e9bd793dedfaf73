import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Route, Router, Switch, useLocation, useRoute } from "wouter";
import { problemText, useSignIn } from "../api";
import { ChatScreen, SessionList, signalChat, useSessionActs } from "../chat";
import { projectsQuery, sessionQuery, useProjectFeed } from "../feed";
import { type Catalogue, loadLanguage, preferredLanguage, useWords, WordsContext } from "../i18n";
import { Button, Problem, RenameDialog, Skeleton, ToastLayer, TooltipLayer, usePrefs } from "../ui";
import styles from "./App.module.css";
import { ErrorBoundary } from "./ErrorBoundary";
import { lastPlace, rememberPlace } from "./place";
import { type Crumb, Shell } from "./Shell";
import { queryClient, setShownSession } from "./services";
import { usePageKeys } from "./usePageKeys";
import { AnswerVoice, LiveRegions } from "./Voice";

// Fetched when the first screen is quiet, so that it opens at the key and not a moment later.
window.requestIdleCallback?.(() => void import("./Palette"));

const SignInPage = lazy(async () => ({ default: (await import("./SignIn")).SignInPage }));
const EndedDialog = lazy(async () => ({ default: (await import("./SignIn")).EndedDialog }));
const NewProjectForm = lazy(async () => ({ default: (await import("../projects/screen")).NewProjectForm }));
const Palette = lazy(async () => ({ default: (await import("./Palette")).Palette }));
const KeyListDialog = lazy(async () => ({ default: (await import("./KeyList")).KeyListDialog }));
const KeyTable = lazy(async () => ({ default: (await import("./KeyList")).KeyTable }));
const AgentList = lazy(async () => ({ default: (await import("../agents/screen")).AgentList }));
const SettingsSections = lazy(async () => ({
  default: (await import("../settings/screen")).SettingsSections,
}));
const TaskList = lazy(async () => ({ default: (await import("../tasks/screen")).TaskList }));
const TasksScreen = lazy(() => import("../tasks/screen"));
const AgentsScreen = lazy(() => import("../agents/screen"));
const UsageScreen = lazy(() => import("../usage"));
const SettingsScreen = lazy(() => import("../settings/screen"));
const SearchScreen = lazy(() => import("../search"));

export function App({ first }: { first: Catalogue }) {
  const [words, setWords] = useState(first);
  const { language } = usePrefs();
  useEffect(() => {
    const wanted = preferredLanguage(language);
    if (wanted !== words.locale) void loadLanguage(wanted).then(setWords);
  }, [language, words.locale]);
  return (
    <WordsContext value={words}>
      <QueryClientProvider client={queryClient}>
        <Router base="/app">
          <Gate />
          <LiveRegions />
          <ToastLayer />
          <TooltipLayer />
        </Router>
      </QueryClientProvider>
    </WordsContext>
  );
}

function Gate() {
  const words = useWords();
  const signIn = useSignIn();
  const [opened, setOpened] = useState(false);
  if (signIn.phase === "in" && !opened) setOpened(true);
  if (signIn.phase === "out" && signIn.why !== "ended" && opened) setOpened(false);
  if (signIn.phase === "starting") return <Skeleton label={words.signingIn} />;
  if (signIn.phase === "out" && !opened)
    return (
      <Suspense fallback={<Skeleton />}>
        <SignInPage why={signIn.why} />
      </Suspense>
    );
  return (
    <>
      <Pages />
      <Suspense>{signIn.phase === "out" && <EndedDialog why={signIn.why} />}</Suspense>
    </>
  );
}

function Pages() {
  const words = useWords();
  const [path, navigate] = useLocation();
  const [inProject, params] = useRoute("/p/:project/*?");
  const [, chat] = useRoute("/p/:project/chat/:session?");
  const [, agent] = useRoute("/p/:project/agents/:agent");
  const [, task] = useRoute("/p/:project/tasks/:task");
  const projects = useQuery(projectsQuery);
  const [open, setOpen] = useState<"palette" | "keys" | "rename" | null>(null);
  const close = () => setOpen(null);

  const projectId = inProject ? params.project : (lastPlace().project ?? null);
  const project = projects.data?.find((other) => other.id === projectId) ?? null;
  // Without the list the address is taken at its word: only the list can say that there is no such project.
  const shown = project?.id ?? (projects.data ? null : projectId);
  const session = chat?.session ?? null;
  const row = useQuery({
    ...sessionQuery(projectId ?? "", session ?? ""),
    enabled: shown !== null && session !== null,
  });
  const acts = useSessionActs(projectId ?? "");
  useProjectFeed(shown);

  useEffect(() => {
    setShownSession(session);
    if (inProject && project) rememberPlace({ project: project.id, session });
  }, [inProject, project, session]);

  const newChat = () => {
    if (!shown) return;
    navigate(`/p/${shown}/chat`);
    requestAnimationFrame(() => document.querySelector<HTMLElement>("#composer textarea")?.focus());
  };
  usePageKeys({ palette: () => setOpen("palette"), keyList: () => setOpen("keys"), newChat });

  useEffect(() => {
    if (path !== "/" || !projects.data) return;
    const last = lastPlace();
    const home = projects.data.find((other) => other.id === last.project) ?? projects.data[0];
    if (home) {
      const tail = last.session && home.id === last.project ? `/${last.session}` : "";
      navigate(`/p/${home.id}/chat${tail}`, { replace: true });
    }
  }, [path, projects.data, navigate]);

  const listed = projects.data ?? [];
  const failed = projects.isError && !projects.data;
  const firstRun = projects.data?.length === 0;
  const section = path.split("/")[inProject ? 3 : 1] ?? "";
  const crumb: Crumb = {
    title: firstRun
      ? words.newProject
      : inProject && !shown
        ? words.notFoundTitle
        : section === "chat"
          ? (row.data?.title ?? (session && !row.data ? words.navChat : words.newSession))
          : ({
              agents: words.navAgents,
              tasks: words.navTasks,
              usage: words.navUsage,
              settings: words.navSettings,
              search: words.navSearch,
            }[section] ?? words.notFoundTitle),
  };
  const list =
    shown && section === "chat"
      ? (done: () => void) => <SessionList project={shown} current={session} onNavigate={done} />
      : shown && section === "agents"
        ? (done: () => void) => <AgentList project={shown} current={agent?.agent ?? null} onNavigate={done} />
        : shown && section === "tasks"
          ? (done: () => void) => <TaskList project={shown} current={task?.task ?? null} onNavigate={done} />
          : section === "settings"
            ? (done: () => void) => <SettingsSections path={path} onNavigate={done} />
            : null;
  const listName =
    { chat: words.sessions, agents: words.agents, tasks: words.navTasks, settings: words.settings }[
      section
    ] ?? "";

  return (
    <>
      <Shell
        projects={listed}
        project={project}
        shown={shown}
        onRetry={failed ? () => void projects.refetch() : null}
        crumb={crumb}
        list={list}
        listName={listName}
        onPalette={() => setOpen("palette")}
      >
        <ErrorBoundary reset={path}>
          <Suspense fallback={<Skeleton />}>
            {firstRun && section !== "settings" ? (
              <div className={styles.first}>
                <h2>{words.firstRunTitle}</h2>
                <p>{words.firstRunLead}</p>
                <NewProjectForm onDone={(made) => navigate(`/p/${made.id}/chat`)} />
              </div>
            ) : (
              <Switch>
                <Route path="/p/:project/chat/:session?">
                  {shown ? (
                    <ChatScreen
                      project={shown}
                      session={session}
                      onKeys={() => setOpen("keys")}
                      onRename={() => setOpen("rename")}
                    />
                  ) : (
                    <NotFound />
                  )}
                </Route>
                <Route path="/p/:project/agents/:agent?">
                  {({ agent: id }) =>
                    shown ? <AgentsScreen project={shown} agent={id ?? null} /> : <NotFound />
                  }
                </Route>
                <Route path="/p/:project/tasks/:task?">
                  {({ task: id }) =>
                    shown ? <TasksScreen project={shown} task={id ?? null} /> : <NotFound />
                  }
                </Route>
                <Route path="/p/:project/usage">
                  {shown ? <UsageScreen project={shown} /> : <NotFound />}
                </Route>
                <Route path="/settings/:section?">
                  {({ section: name }) => (
                    <SettingsScreen section={name ?? "account"} keyTable={<KeyTable />} />
                  )}
                </Route>
                <Route path="/search">
                  <SearchScreen projects={listed} />
                </Route>
                <Route path="/">
                  {failed ? (
                    <div className={styles.first}>
                      <Problem
                        problem={problemText(projects.error, words, "projects")}
                        onRetry={() => projects.refetch()}
                      />
                    </div>
                  ) : (
                    <Skeleton />
                  )}
                </Route>
                <Route>
                  <NotFound />
                </Route>
              </Switch>
            )}
          </Suspense>
        </ErrorBoundary>
      </Shell>
      {session && <AnswerVoice session={session} />}
      <Suspense>
        {open === "palette" && (
          <Palette
            project={shown}
            session={session}
            navigate={navigate}
            onClose={close}
            onKeys={() => setOpen("keys")}
            onFind={() => signalChat("find")}
            onRename={() => setOpen("rename")}
          />
        )}
        {open === "keys" && <KeyListDialog onClose={close} />}
      </Suspense>
      {open === "rename" && row.data && (
        <RenameDialog
          title={words.renameSession}
          label={words.sessionTitle}
          value={row.data.title ?? ""}
          max={200}
          onClose={close}
          onSave={(title) => {
            if (row.data) void acts.change(row.data, { title });
            close();
          }}
        />
      )}
    </>
  );
}

function NotFound() {
  const words = useWords();
  const [, navigate] = useLocation();
  return (
    <div className={styles.first}>
      <h2>{words.notFoundTitle}</h2>
      <p>{words.notFound}</p>
      <div>
        <Button look="filled" onClick={() => navigate("/")}>
          {words.goHome}
        </Button>
      </div>
    </div>
  );
}
