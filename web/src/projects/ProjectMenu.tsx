import { ChevronDown, Folder, Pencil, Plus, RefreshCw, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useLocation } from "wouter";
import type { Project } from "../api";
import { useWords } from "../i18n";
import { Menu } from "../ui";

const NewProjectDialog = lazy(async () => ({ default: (await import("./screen")).NewProjectDialog }));
const RenameProjectDialog = lazy(async () => ({ default: (await import("./screen")).RenameProjectDialog }));
const DeleteProjectDialog = lazy(async () => ({ default: (await import("./screen")).DeleteProjectDialog }));

interface Props {
  projects: readonly Project[];
  current: Project | null;
  onRetry: (() => void) | null;
  className?: string;
}

export function ProjectMenu({ projects, current, onRetry, className }: Props) {
  const words = useWords();
  const [, navigate] = useLocation();
  const [open, setOpen] = useState<"new" | "rename" | "delete" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Menu
        label={words.switchProject}
        align="start"
        className={className}
        items={[
          ...(onRetry
            ? [{ label: words.retryProjects, icon: <RefreshCw size={14} />, onSelect: onRetry }]
            : []),
          ...projects.map((project) => ({
            label: project.name,
            icon: <Folder size={14} />,
            current: project.id === current?.id,
            onSelect: () => navigate(`/p/${project.id}/chat`),
          })),
          "line",
          { label: words.newProject, icon: <Plus size={14} />, onSelect: () => setOpen("new") },
          ...(current
            ? [
                { label: words.renameProject, icon: <Pencil size={14} />, onSelect: () => setOpen("rename") },
                {
                  label: words.deleteProject,
                  icon: <Trash2 size={14} />,
                  danger: true,
                  onSelect: () => setOpen("delete"),
                },
              ]
            : []),
        ]}
      >
        <span className="visually-hidden">{words.project}: </span>
        <span>{current?.name ?? words.projects}</span>
        <ChevronDown size={14} aria-hidden="true" />
      </Menu>
      <Suspense>
        {open === "new" && (
          <NewProjectDialog
            onClose={close}
            onDone={(project) => {
              close();
              navigate(`/p/${project.id}/chat`);
            }}
          />
        )}
        {open === "rename" && current && <RenameProjectDialog project={current} onClose={close} />}
        {open === "delete" && current && (
          <DeleteProjectDialog
            project={current}
            onClose={close}
            onDone={() => {
              close();
              navigate("/");
            }}
          />
        )}
      </Suspense>
    </>
  );
}
