# By default there is none of this: tasks have public addresses, which cost less
# than gateways. With gateways, tasks move into subnets of their own.
locals {
  private = var.nat_gateways > 0 ? length(local.zones) : 0
}

resource "aws_subnet" "private" {
  count             = local.private
  vpc_id            = aws_vpc.this.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(var.cidr, 8, 20 + count.index)
  tags              = { Name = "${var.project}-private-${count.index}" }
}

resource "aws_eip" "nat" {
  count  = var.nat_gateways
  domain = "vpc"
  tags   = { Name = "${var.project}-nat-${count.index}" }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_nat_gateway" "this" {
  count         = var.nat_gateways
  subnet_id     = aws_subnet.public[count.index].id
  allocation_id = aws_eip.nat[count.index].id
  tags          = { Name = "${var.project}-${count.index}" }
}

resource "aws_route_table" "private" {
  count  = local.private
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.project}-private-${count.index}" }
}

# Both zones share a single gateway.
resource "aws_route" "through_nat" {
  count                  = local.private
  route_table_id         = aws_route_table.private[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[min(count.index, var.nat_gateways - 1)].id
}

resource "aws_route_table_association" "private" {
  count          = local.private
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[count.index].id
}
