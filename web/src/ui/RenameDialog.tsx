import { lazy, Suspense } from "react";
import type { RenameProps } from "./RenameForm";

const RenameForm = lazy(async () => ({ default: (await import("./RenameForm")).RenameForm }));

/** Renaming is rare: its dialog comes when it is asked for, and what lies below stays as it is meanwhile. */
export function RenameDialog(props: RenameProps) {
  return (
    <Suspense>
      <RenameForm {...props} />
    </Suspense>
  );
}
