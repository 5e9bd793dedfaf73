import { useState } from "react";
import { useWords } from "../i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { TextField } from "./Field";

export interface RenameProps {
  title: string;
  label: string;
  value: string;
  max: number;
  error?: string | null;
  onClose: () => void;
  onSave: (value: string) => void;
}

export function RenameForm({ title, label, value, max, error, onClose, onSave }: RenameProps) {
  const words = useWords();
  const [text, setText] = useState(value);
  const [touched, setTouched] = useState(false);
  const own = text.trim() === "" ? words.required : text.trim().length > max ? words.nameTooLong(max) : null;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => {
        setTouched(true);
        if (!own) onSave(text.trim());
      }}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="filled" type="submit">
            {words.save}
          </Button>
        </>
      }
    >
      <TextField
        label={label}
        value={text}
        data-autofocus
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
        error={error ?? (touched ? own : null)}
      />
    </Dialog>
  );
}
