package dev.artel.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.artel.http.Caller;
import dev.artel.http.Change;
import dev.artel.http.ErrorResponse;
import dev.artel.http.ErrorResponse.FieldError;
import dev.artel.http.Idempotency;
import dev.artel.http.IfMatch;
import dev.artel.http.Invalid;
import dev.artel.http.ListFields;
import dev.artel.http.Listing;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.http.RowVersion;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Projects over HTTP.
@Tag(name = "Projects")
@RestController
@RequestMapping(path = "/my/projects", produces = MediaType.APPLICATION_JSON_VALUE)
class ProjectRoutes {
  private final Projects projects;

  ProjectRoutes(Projects projects) {
    this.projects = projects;
  }

  @Schema(name = "ProjectRequest")
  record ProjectRequest(
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              minLength = 1,
              maxLength = 255,
              example = "Website")
          String name,
      @Schema(
              description = "The folder on the user's own machine.",
              maxLength = 500,
              nullable = true,
              example = "/home/me/website")
          @Nullable String workspacePath,
      @Schema(
              description = "The team that the project begins with.",
              implementation = StarterPack.class,
              defaultValue = "roles",
              nullable = true)
          @Nullable StarterPack starterPack) {}

  @Schema(name = "ProjectUpdate")
  record ProjectUpdate(
      @Schema(implementation = String.class, minLength = 1, maxLength = 255, example = "Website")
          Change<String> name,
      @Schema(
              implementation = String.class,
              description = "Absent leaves it, null removes it.",
              maxLength = 500,
              nullable = true,
              example = "/home/me/website")
          Change<String> workspacePath) {}

  @Schema(name = "ProjectResponse")
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record ProjectResponse(
      @Schema(implementation = UUID.class) ProjectId id,
      @Schema(implementation = UUID.class) UserId userId,
      @Schema(example = "Website") String name,
      @Schema(nullable = true, example = "/home/me/website") @Nullable String workspacePath,
      Instant createdAt,
      Instant updatedAt,
      @Schema(description = "Whether paths without a project mean this one.") boolean isDefault,
      @Schema(description = "The preferred hands; null when none are.", nullable = true)
          @Nullable UUID runnerId,
      @ArraySchema(
              arraySchema = @Schema(description = "The team; not in lists of projects."),
              schema = @Schema(ref = "#/components/schemas/AgentResponse"))
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable List<?> agents) {

    static ProjectResponse of(Project project, @Nullable List<?> agents) {
      return new ProjectResponse(
          project.id(),
          project.user(),
          project.name(),
          project.workspacePath(),
          project.createdAt(),
          project.updatedAt(),
          project.isDefault(),
          null,
          agents);
    }
  }

  @Schema(name = "ProjectList", allOf = ListFields.class)
  record ProjectList(List<ProjectResponse> projects) {}

  @Operation(
      operationId = "createProject",
      summary = "Make a project with its team",
      description =
          "Answers 200 with the present project when one of the same name and path is there.")
  @ApiResponse(responseCode = "201", description = "Made, with its team.")
  @ApiResponse(responseCode = "200", description = "It was there before.")
  @ApiResponse(
      responseCode = "422",
      description = "A field violates its rule.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples =
                  @ExampleObject(
                      """
                      {"detail": "The request is not valid: /name is required",
                       "error_code": "VALIDATION_ERROR", "timestamp": "2026-01-31T12:00:00Z",
                       "errors": [{"location": "/name", "message": "is required", "type": "required"}]}
                      """)))
  @PostMapping
  ProjectResponse make(
      Caller caller,
      Idempotency once,
      @RequestBody ProjectRequest wanted,
      HttpServletResponse response) {
    var errors = new ArrayList<FieldError>();
    ProjectRules.name(wanted.name(), errors);
    ProjectRules.workspacePath(wanted.workspacePath(), errors);
    String name = wanted.name();
    if (name == null || !errors.isEmpty()) {
      throw new Invalid(errors);
    }
    StarterPack pack = wanted.starterPack();
    Projects.Made made =
        projects.make(
            caller.user(),
            name,
            emptyIsNone(wanted.workspacePath()),
            pack == null ? StarterPack.ROLES : pack,
            once);
    projects.used(new ProjectScope(caller.user(), made.project().id()));
    response.setStatus((made.fresh() ? HttpStatus.CREATED : HttpStatus.OK).value());
    return told(made.project(), response);
  }

  @Operation(operationId = "listProjects", summary = "List one's projects, oldest first")
  @ApiResponse(
      responseCode = "200",
      description = "A page of projects.",
      content = @Content(schema = @Schema(implementation = ProjectList.class)))
  @ApiResponse(responseCode = "400", description = "Bad paging, filter or order.")
  @GetMapping
  Map<String, Object> list(Caller caller, Paging paging, HttpServletRequest request) {
    var page = projects.list(caller.user(), paging);
    return Listing.of(
        request,
        "projects",
        page.items().stream().map(project -> ProjectResponse.of(project, null)).toList(),
        page.total(),
        paging);
  }

  @Operation(operationId = "getProject", summary = "Show a project with its team")
  @ApiResponse(
      responseCode = "200",
      description = "The project.",
      headers = @Header(name = "ETag", schema = @Schema(type = "string", example = "\"v1\"")))
  @ApiResponse(
      responseCode = "404",
      description = "No such project.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples =
                  @ExampleObject(
                      """
                      {"detail": "Project not found", "error_code": "NOT_FOUND",
                       "timestamp": "2026-01-31T12:00:00Z"}
                      """)))
  @GetMapping("/{project_id}")
  ProjectResponse get(ProjectScope scope, HttpServletResponse response) {
    return told(projects.get(scope.user(), scope.project()), response);
  }

  @Operation(operationId = "updateProject", summary = "Change a project's name or folder")
  @ApiResponse(
      responseCode = "200",
      description = "The changed project.",
      headers = @Header(name = "ETag", schema = @Schema(type = "string", example = "\"v2\"")))
  @ApiResponse(responseCode = "404", description = "No such project.")
  @ApiResponse(
      responseCode = "409",
      description = "Another project has this name and path.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples =
                  @ExampleObject(
                      """
                      {"detail": "Project with this name and workspace path already exists",
                       "error_code": "CONFLICT", "timestamp": "2026-01-31T12:00:00Z",
                       "metadata": {"reason": "name_taken"}}
                      """)))
  @ApiResponse(responseCode = "412", description = "If-Match is not the present version.")
  @ApiResponse(responseCode = "422", description = "A field violates its rule.")
  @PutMapping("/{project_id}")
  ProjectResponse update(
      ProjectScope scope,
      IfMatch seen,
      @RequestBody ProjectUpdate wanted,
      HttpServletResponse response) {
    var errors = new ArrayList<FieldError>();
    if (wanted.name() instanceof Change.SetTo<String>(var name)) {
      ProjectRules.name(name, errors);
    } else if (wanted.name() instanceof Change.Reset<String>) {
      errors.add(new FieldError("/name", "must not be null", "type"));
    }
    if (wanted.workspacePath() instanceof Change.SetTo<String>(var path)) {
      ProjectRules.workspacePath(path, errors);
    }
    if (!errors.isEmpty()) {
      throw new Invalid(errors);
    }
    Change<String> workspacePath =
        wanted.workspacePath() instanceof Change.SetTo<String>(var path) && path.isEmpty()
            ? new Change.Reset<>()
            : wanted.workspacePath();
    return told(
        projects.update(scope.user(), scope.project(), wanted.name(), workspacePath, seen),
        response);
  }

  @Operation(
      operationId = "deleteProject",
      summary = "Delete a project and everything in it",
      description = "The user's files are not touched.")
  @ApiResponse(responseCode = "204", description = "Gone.")
  @ApiResponse(responseCode = "404", description = "No such project.")
  @ApiResponse(responseCode = "412", description = "If-Match is not the present version.")
  @DeleteMapping("/{project_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(ProjectScope scope, IfMatch seen) {
    projects.delete(scope.user(), scope.project(), seen);
  }

  private ProjectResponse told(Project project, HttpServletResponse response) {
    response.setHeader("ETag", new RowVersion(project.version()).etag());
    return ProjectResponse.of(project, projects.team(project.user(), project.id()));
  }

  private static @Nullable String emptyIsNone(@Nullable String path) {
    return path == null || path.isEmpty() ? null : path;
  }
}
