using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace CnnTrainers.Cli.Serving;

/// <summary>The OpenAPI document, as far as it is not read off the endpoints.</summary>
internal static class ApiDescription
{
    /// <summary>Marks an endpoint whose requests have images.</summary>
    public static object TakesImages { get; } = new ImagesMark();

    /// <summary>Adds the document.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="hasKey">Whether the service asks for a key.</param>
    public static void Add(IServiceCollection services, bool hasKey) => services.AddOpenApi(options =>
    {
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ImagesMark>().Any()) operation.RequestBody = Images();
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "cnn serve", Version = Versions.Product.Split('+')[0], Description = "Answers of a convolutional network about images." };
            document.Servers = []; // wherever it came from
            if (hasKey) AddKey(document);
            return Task.CompletedTask;
        });
    });

    private static OpenApiRequestBody Images()
    {
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        return new OpenApiRequestBody
        {
            Required = true,
            Description = "An image file (JPEG, PNG, WebP, GIF or BMP) as it is, or a form with one or more.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/octet-stream"] = new() { Schema = file },
                ["image/*"] = new() { Schema = file },
                ["multipart/form-data"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema> { ["image"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = file } },
                    },
                },
            },
        };
    }

    private static void AddKey(OpenApiDocument document)
    {
        const string name = "key";
        document.AddComponent<IOpenApiSecurityScheme>(name, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, document)] = [] }];
    }

    private sealed class ImagesMark;
}
