-- For pandoc. Links between pages of the sources become links between pages of the site. A link to a file that the site
-- does not have becomes its text, and the name of a page as a text becomes its title. SITE_PAGES holds the name and the
-- title of each page, one in each line.
local pages = {}
for name, title in os.getenv("SITE_PAGES"):gmatch("(%S+) ([^\n]+)") do pages[name] = title end

function Link(link)
    if link.target:match("^%a+:") or link.target:match("^#") then return link end
    local name, anchor = link.target:match("([^/]+)%.md(.*)$")
    if name and pages[name] then
        link.target = name .. ".html" .. anchor
        if pandoc.utils.stringify(link.content):match("%.md$") then link.content = {pandoc.Str(pages[name])} end
        return link
    end
    return link.target:match("%.html") and link or link.content
end

-- The template has the title.
function Header(header)
    return header.level == 1 and {} or header
end
