package dev.artel.bus;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The right to run one task, until its lease ends. Every write under it checks the fence and whose
/// claim it is: a claim that was lost changes nothing any more.
///
/// @param node the process whose claim it is. The fence alone does not tell: a claim does not wait
///   for the disk, so that a crash of the database may take it back and give its number again
/// @param attempt 1 at the first claim; what a higher one tells replaces what a lower one told
/// @param tries claims that ended in no decision, this one included: neither hand-backs at a
///   shutdown nor scheduled retries
/// @param retries how often the task was put off after a temporary error
/// @param waited from the task's admission until this claim
/// @param remaining running time that is left before the task's deadline
public record Claim(
    UserId user,
    TaskId task,
    ProjectId project,
    @Nullable SessionId session,
    AgentId agent,
    int agentVersion,
    long fence,
    int attempt,
    int tries,
    int retries,
    Duration waited,
    Duration remaining,
    UUID node) {}
