package dev.artel.http;

import dev.artel.protocol.ErrorCode;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/// Adds to each described route what holds for it by rule, so that a route declares only what is
/// its own.
final class ApiDocument implements GlobalOperationCustomizer, GlobalOpenApiCustomizer {
  private static final String BEARER = "bearer";
  private static final Pattern PATH_VARIABLE = Pattern.compile("\\{(\\w+)}");
  private static final Pattern DUPLICATE = Pattern.compile("_\\d+$");
  private static final Set<String> PROBES = Set.of("/health", "/ready");

  /// Answers by rule that follow from the handler's arguments; here while the path is not known.
  @Override
  public Operation customize(Operation operation, HandlerMethod handler) {
    ApiResponses responses = responses(operation);
    boolean list = HandlerEdge.takes(handler, Paging.class);
    if (list) {
      pagingParameters(operation);
    }
    if (HandlerEdge.takes(handler, Idempotency.class)) {
      operation.addParametersItem(
          header(Repeats.HEADER, "One effect however often the request is sent")
              .schema(text(1, 255)));
      add(responses, 409);
      add(responses, 422);
    }
    if (HandlerEdge.takes(handler, IfMatch.class)) {
      operation.addParametersItem(
          header("If-Match", "The version to change, such as `\"v7\"`; absent: the last wins")
              .schema(text(null, null)));
      add(responses, 412);
    }
    if (operation.getRequestBody() != null) {
      if (!Boolean.TRUE.equals(operation.getRequestBody().getRequired())) {
        operation.getRequestBody().getContent().values().forEach(ApiDocument::orNull);
      }
      add(responses, 413);
      add(responses, 415);
      add(responses, 422);
    }
    for (var parameter : handler.getMethodParameters()) {
      if (parameter.hasParameterAnnotation(RequestParam.class) && !list) {
        add(responses, 422);
      }
    }
    return operation;
  }

  /// A body that may be absent may also be null.
  private static void orNull(MediaType media) {
    Schema<?> nothing = new Schema<>();
    nothing.setTypes(Set.of("null"));
    Schema<?> either = new Schema<>();
    either.addAnyOfItem(media.getSchema());
    either.addAnyOfItem(nothing);
    media.setSchema(either);
  }

  private static void pagingParameters(Operation operation) {
    operation.addParametersItem(
        query("limit", "How many", number(1, Paging.LIMIT_MAX, Paging.LIMIT_DEFAULT)));
    operation.addParametersItem(query("offset", "How many to skip", number(0, null, 0)));
    operation.addParametersItem(query("sort_by", "The field to sort by", text(null, null)));
    Schema<?> order = text(null, null);
    setEnum(order, List.of("asc", "desc"));
    operation.addParametersItem(query("order", "Its direction", order));
  }

  @Override
  public void customise(OpenAPI document) {
    Components components = document.getComponents();
    if (components == null) {
      components = new Components();
      document.setComponents(components);
    }
    describe(components);
    for (var path : document.getPaths().entrySet()) {
      path.getValue()
          .readOperationsMap()
          .forEach((_, operation) -> byPath(path.getKey(), operation));
    }
    nameOnce(document);
    giveExamples(document, components);
  }

  /// A route's own examples stand; where it gives none, one is made from the schema.
  private static void giveExamples(OpenAPI document, Components components) {
    var examples = new SchemaExample(components.getSchemas());
    for (PathItem item : document.getPaths().values()) {
      for (Operation operation : item.readOperations()) {
        for (ApiResponse response : operation.getResponses().values()) {
          if (response.getContent() != null) {
            response.getContent().values().forEach(media -> giveExample(media, examples));
          }
        }
      }
    }
  }

  private static void giveExample(MediaType media, SchemaExample examples) {
    if (media.getExample() == null && media.getExamples() == null && media.getSchema() != null) {
      Object example = examples.of(media.getSchema());
      if (example != null) {
        media.setExample(example);
      }
    }
  }

  private static void describe(Components components) {
    components.addSecuritySchemes(
        BEARER,
        new SecurityScheme()
            .type(SecurityScheme.Type.HTTP)
            .scheme(BEARER)
            .bearerFormat("JWT")
            .description("An access token: `./dev token`, or what `/auth/link` answers."));
    ModelConverters.getInstance(true)
        .readAllAsResolvedSchema(new AnnotatedType(ErrorResponse.class))
        .referencedSchemas
        .forEach(components::addSchemas);
    EventSchemas.all().forEach(components::addSchemas);
    CommonAnswers.describe(components);
  }

  private static void byPath(String path, Operation operation) {
    RateLimit.Area area = RateLimit.Area.of(path);
    ApiResponses responses = responses(operation);
    var variables = PATH_VARIABLE.matcher(path);
    while (variables.find()) {
      declare(operation, variables.group(1));
      add(responses, 404);
    }
    if (area == RateLimit.Area.GUARDED) {
      operation.setSecurity(List.of(new SecurityRequirement().addList(BEARER)));
      add(responses, 401);
      add(responses, 403);
    }
    if (!PROBES.contains(path)) {
      add(responses, 429);
      responses.forEach((status, response) -> {
        if (status.startsWith("2") && response.get$ref() == null) {
          CommonAnswers.RATE_HEADERS.forEach(
              name -> response.addHeaderObject(name, CommonAnswers.headerRef(name)));
        }
      });
    }
    for (int status : new int[] {400, 421, 431, 500, 503}) {
      add(responses, status);
    }
    var sorted = new TreeMap<String, ApiResponse>(responses);
    responses.clear();
    sorted.forEach(responses::addApiResponse);
    responses.forEach((status, response) -> complete(status, response));
  }

  /// A route that names an error of its own need not describe its body again.
  private static void complete(String status, ApiResponse response) {
    if (response.get$ref() != null || !status.matches("[45]\\d\\d")) {
      return;
    }
    boolean empty =
        response.getContent() == null
            || response.getContent().values().stream()
                .allMatch(media -> media.getExamples() == null && media.getExample() == null);
    if (empty) {
      String detail =
          response.getDescription() == null || response.getDescription().isBlank()
              ? CommonAnswers.description(Integer.parseInt(status))
              : response.getDescription();
      response.setContent(CommonAnswers.content(detail, codeOf(Integer.parseInt(status))));
    }
  }

  private static ErrorCode codeOf(int status) {
    for (ErrorCode code : ErrorCode.values()) {
      if (Statuses.of(code) == status) {
        return code;
      }
    }
    return ErrorCode.BAD_REQUEST;
  }

  /// A variable that a handler gets as a `ProjectScope` is not among its own arguments.
  private static void declare(Operation operation, String variable) {
    List<Parameter> known = operation.getParameters();
    if (known != null && known.stream().anyMatch(p -> variable.equals(p.getName()))) {
      return;
    }
    Schema<?> id = text(null, null);
    id.setFormat("uuid");
    operation.addParametersItem(
        new Parameter().name(variable).in("path").required(true).schema(id));
  }

  /// A route that is mapped to several paths gets an operation name for each, by rule and not by
  /// the order of discovery: the canonical path keeps the name.
  private static void nameOnce(OpenAPI document) {
    var byName = new TreeMap<String, Map<String, Operation>>();
    document
        .getPaths()
        .forEach((path, item) ->
            item.readOperationsMap()
                .forEach((method, operation) -> {
                  String base =
                      DUPLICATE.matcher(String.valueOf(operation.getOperationId())).replaceAll("");
                  byName
                      .computeIfAbsent(base, _ -> new TreeMap<>(ApiDocument::canonicalFirst))
                      .put(path + " " + method, operation);
                }));
    byName.forEach((base, operations) -> {
      var taken = new ArrayList<String>();
      operations.forEach((place, operation) -> {
        boolean flat = !place.startsWith("/my/projects/{project_id}");
        String wanted = taken.isEmpty() ? base : base + (flat ? "OfDefaultProject" : "Alias");
        String name = wanted;
        for (int n = 2; taken.contains(name); n++) {
          name = wanted + n;
        }
        taken.add(name);
        operation.setOperationId(name);
      });
    });
  }

  private static int canonicalFirst(String a, String b) {
    boolean canonicalA = a.startsWith("/my/projects/{project_id}");
    boolean canonicalB = b.startsWith("/my/projects/{project_id}");
    return canonicalA == canonicalB ? a.compareTo(b) : canonicalA ? -1 : 1;
  }

  private static ApiResponses responses(Operation operation) {
    if (operation.getResponses() == null) {
      operation.setResponses(new ApiResponses());
    }
    return operation.getResponses();
  }

  private static void add(ApiResponses responses, int status) {
    responses.computeIfAbsent(Integer.toString(status), _ -> CommonAnswers.ref(status));
  }

  private static Parameter header(String name, String description) {
    return new Parameter().name(name).in("header").description(description).required(false);
  }

  private static Parameter query(String name, String description, Schema<?> schema) {
    return new Parameter()
        .name(name)
        .in("query")
        .description(description)
        .required(false)
        .schema(schema);
  }

  private static Schema<?> text(@Nullable Integer least, @Nullable Integer most) {
    Schema<?> schema = new Schema<>();
    schema.setTypes(Set.of("string"));
    schema.setMinLength(least);
    schema.setMaxLength(most);
    return schema;
  }

  private static Schema<?> number(int least, @Nullable Integer most, int absent) {
    Schema<Object> schema = new Schema<>();
    schema.setTypes(Set.of("integer"));
    schema.setMinimum(BigDecimal.valueOf(least));
    schema.setMaximum(most == null ? null : BigDecimal.valueOf(most));
    schema.setDefault(absent);
    return schema;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void setEnum(Schema schema, List<String> values) {
    schema.setEnum(values);
  }
}
